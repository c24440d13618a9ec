// With a full, denied or corrupt browser storage everything works but what is stored there.
import {
    becomes,
    closeSettings,
    expectSame,
    openPage,
    openSettings,
    placements,
} from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { assertConsole, assertOctoPrintWorks } from "./health.mjs";
import { heard, listen, picture } from "./visual_checks.mjs";

const ALERTS = {
    sound_enabled: true,
    sound_target_reached: true,
    notification_enabled: true,
    notification_target_reached: true,
};

test.use({ octoprintOptions: { timeScale: 4, settings: ALERTS } });
test.describe.configure({ mode: "serial" });

const LEARNED_PREFIX = "temp_eta/2//_default/";

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
    corrupt: (prefix) => {
        localStorage.setItem(`${prefix}bed`, '{"no": "list"');
        localStorage.setItem(`${prefix}tool0`, "[1, 2, null]");
        localStorage.setItem(`${prefix}chamber`, `[${"1e999,".repeat(999)}0]`);
        localStorage.setItem("temp_eta/sounded//bed/target_reached", '{"time": "now"');
    },
};
const pages = {};

test.beforeAll(async ({ browser, octoprint }) => {
    for (const [name, damage] of Object.entries(faults)) {
        const prepare = async (page) => {
            await listen(page);
            await page.addInitScript(damage, LEARNED_PREFIX);
        };
        // OctoPrint itself reports the denied storage once.
        const expected = /LoginStateViewModel : Access is denied/;
        pages[name] = await openPage(browser, octoprint, { prepare, expected });
    }
});

test.afterAll(async () => {
    for (const page of Object.values(pages)) await page.close();
});

const bed = (page) => placements(page, "bed").sidebar;
const chamber = (page) => placements(page, "chamber").sidebar;
const stored = (page, key) =>
    page.evaluate((it) => localStorage.getItem(it), `temp_eta/${key}`);

test("a damaged storage does not affect the countdown", async ({
    octoprint,
    page: undisturbed,
}) => {
    await octoprint.heat({ chamber: 60 });
    const same = (page) => expectSame(chamber(page), chamber(undisturbed));
    await Promise.all(Object.values(pages).map(same));
    await octoprint.heat({ chamber: 0, bed: 80 });
});

for (const name of Object.keys(faults)) {
    test(`a ${name} storage affects neither alerts nor learning while the page is open`, async () => {
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

test("a full storage is not changed", async () => {
    const { full } = pages;
    expect(await stored(full, "2//_default/bed")).toBeNull();
    expect(await full.evaluate(() => localStorage.full0)).toMatch(/^x+$/);
});

test("a corrupt storage gets the learned model instead of unreadable entries", async () => {
    const { corrupt } = pages;
    const { numbers } = JSON.parse(await stored(corrupt, "2//_default/bed"));
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(await stored(corrupt, "2//_default/tool0")).toBeNull();
    expect(await stored(corrupt, "aside/1//_default/bed")).toMatch(/no/);
});

for (const name of Object.keys(faults)) {
    test(`a ${name} storage does not affect OctoPrint`, async ({ octoprint }) => {
        await octoprint.heat({ bed: 0 });
        await assertOctoPrintWorks(pages[name]);
        assertConsole(pages[name], 0);
    });
}
