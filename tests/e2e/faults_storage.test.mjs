// A browser's storage that is full, denied or corrupt costs nothing but what is kept there.
import {
    becomes,
    closeSettings,
    expectSame,
    openPage,
    openSettings,
    placements,
} from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { assertComplaints, assertOctoPrintWorks } from "./health.mjs";
import { heard, listen, picture } from "./visual_checks.mjs";

const ALERTS = {
    sound_enabled: true,
    sound_target_reached: true,
    notification_enabled: true,
    notification_target_reached: true,
};

test.use({ octoprintOptions: { timeScale: 4, settings: ALERTS } });
test.describe.configure({ mode: "serial" });

const LESSONS = "temp_eta/1//_default/";

const faults = {
    full: () => {
        let block = "x".repeat(1 << 20);
        for (let i = 0; block; i++) {
            try {
                localStorage.setItem(`full${i}`, block);
            } catch {
                block = block.slice(0, block.length >> 1);
            }
        }
    },
    denied: () => {
        Object.defineProperty(window, "localStorage", {
            get() {
                throw new DOMException("Access is denied.", "SecurityError");
            },
        });
    },
    corrupt: (lessons) => {
        localStorage.setItem(`${lessons}bed`, '{"no": "list"');
        localStorage.setItem(`${lessons}tool0`, "[1, 2, null]");
        localStorage.setItem(`${lessons}chamber`, `[${"1e999,".repeat(999)}0]`);
        localStorage.setItem("temp_eta/sounded//bed/target_reached", '{"time": "now"');
    },
};
const pages = {};

test.beforeAll(async ({ browser, octoprint }) => {
    for (const [name, spoil] of Object.entries(faults)) {
        const prepare = async (page) => {
            await listen(page);
            await page.addInitScript(spoil, LESSONS);
        };
        // OctoPrint's own code says once that it is denied.
        const expected = /LoginStateViewModel : Access is denied/;
        pages[name] = await openPage(browser, octoprint, { prepare, expected });
    }
});

test.afterAll(async () => {
    for (const page of Object.values(pages)) await page.close();
});

const bed = (page) => placements(page, "bed").sidebar;
const stored = (page, key) =>
    page.evaluate((it) => localStorage.getItem(it), `temp_eta/${key}`);

test("a spoiled storage costs no countdown", async ({ octoprint, page: undisturbed }) => {
    await octoprint.heat({ bed: 80 });
    const same = (page) => expectSame(bed(page), bed(undisturbed));
    await Promise.all(Object.values(pages).map(same));
});

for (const name of Object.keys(faults)) {
    test(`a ${name} storage costs no alert, and no lesson while the page is open`, async () => {
        const page = pages[name];
        await becomes(bed(page), "at_target");
        await expect.poll(async () => (await heard(page)).tones).toBeGreaterThan(0);
        await expect.poll(async () => (await heard(page)).toasts).not.toEqual([]);
        await openSettings(page, "calculation");
        await expect(page.locator("#temp_eta_learned_list")).toHaveText(/Bed: 1 heat-up/);
        await picture(page, `fault-storage-${name}`);
        await closeSettings(page);
    });
}

test("a full storage is left as it is", async () => {
    const { full } = pages;
    expect(await stored(full, "1//_default/bed")).toBeNull();
    expect(await full.evaluate(() => localStorage.full0)).toMatch(/^x+$/);
});

test("a corrupt storage has the lesson in place of what could not be read", async () => {
    const { corrupt } = pages;
    const lesson = JSON.parse(await stored(corrupt, "1//_default/bed"));
    expect(lesson.every(Number.isFinite)).toBe(true);
    expect(await stored(corrupt, "1//_default/tool0")).toBeNull();
    expect(await stored(corrupt, "aside/1//_default/bed")).toMatch(/no/);
});

for (const name of Object.keys(faults)) {
    test(`a ${name} storage leaves OctoPrint alone`, async ({ octoprint }) => {
        await octoprint.heat({ bed: 0 });
        await assertOctoPrintWorks(pages[name]);
        assertComplaints(pages[name], 0);
    });
}
