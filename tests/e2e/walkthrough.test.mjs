// Everything a user sees while the printer heats up; each step saves a screenshot in
// .cache/screenshots. Continued in arrival.test.mjs and appearance.test.mjs.
import {
    countdown,
    expectSame,
    openSettings,
    placements,
    reload,
    seconds,
    showOurs,
} from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { assertLooksRight, forecastPixels, picture } from "./visual_checks.mjs";

const settings = { sound_enabled: true, sound_target_reached: true, min_rate: 0.01 };

// So slow that no heater arrives during these tests.
test.use({ octoprintOptions: { timeScale: 0.5, settings } });
test.describe.configure({ mode: "serial" });

test("starts with an idle printer", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    await expect(page.locator("#navbar_plugin_temp_eta")).toBeHidden();
    await showOurs(page);
    const { card } = placements(page, "bed");
    await expect(card.status).toHaveText("off");
    await expect(card.temps).toHaveText(/^2\d(\.\d)?\u00a0°C$/);
    await assertLooksRight(page, "1-at-rest");
});

test("reports blocked sound until the user clicks", async ({ open }) => {
    // Like a page without a user gesture; browsers do not block automated ones.
    const prepare = (page) =>
        page.addInitScript(() => {
            window.AudioContext = class extends AudioContext {
                constructor() {
                    super();
                    this.suspend();
                }
            };
        });
    const page = await open({ prepare, touched: false });
    const note = page.locator("#sidebar_plugin_temp_eta .temp-eta-sound-blocked");
    await note.waitFor();
    await picture(page, "1-blocked");
    await note.getByRole("button").click();
    await note.waitFor({ state: "detached" });
});

test(
    "says that there is no sound, if a click does not start it",
    ONLY_IN_ALL,
    async ({ open }) => {
        // Like Firefox without a sound device.
        const prepare = (page) =>
            page.addInitScript(() => {
                window.AudioContext = class {
                    state = "suspended";
                    resume = () => new Promise(() => {});
                };
            });
        const page = await open({ prepare, touched: false });
        const note = page.locator("#sidebar_plugin_temp_eta .temp-eta-sound-blocked");
        await note.waitFor();
        await note.getByRole("button").click();
        await note.waitFor({ state: "detached" });
        await openSettings(page, "alerts");
        await page.getByRole("button", { name: "Test sound" }).click();
        await expect(page.locator("#temp_eta_no_sound")).toHaveText(/^No sound/);
        await assertLooksRight(page, "1-no-sound");
    },
);

test("counts down tool and bed in all placements", async ({ page, octoprint }) => {
    await octoprint.heat({ tool0: 350, bed: 110 });
    for (const heater of ["tool0", "bed"]) {
        const { sidebar, card, navbar } = placements(page, heater);
        for (const place of [card, sidebar, navbar]) await countdown(place);
        const times = page.locator(`[data-heater="${heater}"] .temp-eta-time`);
        const all = (await times.allTextContents()).map(seconds);
        expect(all.length).toBeGreaterThanOrEqual(3);
        const spread = Math.max(...all) - Math.min(...all);
        expect(spread, all.join(", ")).toBeLessThanOrEqual(1);
        const finish = card.row.locator(".temp-eta-finish");
        await expect(finish).toHaveText(/^\s*\d\d:\d\d\s*$/);
        const rate = card.row.locator(".temp-eta-rate");
        await expect(rate).toHaveText(/^\d+\.\d\u00a0°C\/min$/);
    }
    const ready = page.locator("#sidebar_plugin_temp_eta .temp-eta-printer").first();
    await expect(ready).toHaveText(/Printer ready in\s+\d+:\d\d\s+\(\d\d:\d\d\)/);
    const { height } = await page.locator("#navbar").boundingBox();
    expect(height, "of the navbar, in px").toBeLessThanOrEqual(41);
    await assertLooksRight(page, "2-heating");
});

test("draws the history, and shows the temperature at the pointer", async ({ page }) => {
    const graph = page.locator("#temp_eta_graph");
    await graph.locator("canvas").first().waitFor();
    const readout = page.locator(".temp-eta-readout [data-heater=bed] .temp-eta-value");
    const cursor = page.locator(".temp-eta-cursor").first();
    // At the newest reading, where there is a line.
    const position = await page.waitForFunction(() => {
        const plot = $("#temp_eta_graph").data("plot");
        const reading = plot?.getData()[3]?.data.at(-2);
        if (!reading) return null;
        const [x, y] = reading;
        const { left, top } = plot.pointOffset({ x, y });
        return { x: left, y: top };
    });
    await graph.hover({ position: await position.jsonValue() });
    await expect(cursor).toHaveText(/^\d\d:\d\d:\d\d$/);
    await expect(readout.first()).toHaveText(/^\d+\.\d\u00a0°C$/);
    const there = await cursor.textContent();
    await graph.press("ArrowLeft");
    await expect(cursor).not.toHaveText(there);
    await picture(page, "3-pointer");
    await graph.blur();
    await page.mouse.move(5, 5);
    await expect(cursor).toHaveText("");
});

test("draws the forecast in both graphs, if it is switched on", async ({
    page,
    octoprint,
}) => {
    const drawn = (tab) =>
        expect.poll(() => forecastPixels(page), { message: `forecast in ${tab}` });
    for (const tab of ["tab_plugin_temp_eta", "temp"]) {
        await page.locator(`#${tab}_link a`).first().click();
        await drawn(tab).toBeGreaterThan(5);
        if (tab === "temp") await assertLooksRight(page, "4-octoprints-tab");
        await octoprint.configure({ show_forecast: false });
        await drawn(tab).toBe(0);
        await octoprint.configure({ show_forecast: true });
        await drawn(tab).toBeGreaterThan(5);
    }
    await showOurs(page);
});

/** The lines of our graph, as `[time in ms, °C]`. */
const lines = (page) =>
    page.evaluate(() =>
        $("#temp_eta_graph")
            .data("plot")
            .getData()
            .map(({ data }) => data.filter(Boolean)),
    );

/** Whether two lines are the same where both have something. */
function assertSameCurve(one, other) {
    // A page that was kept waiting by a busy machine measures anew, and so begins later.
    const begun = Math.max(one[0][0], other[0][0]);
    for (const [line, against] of [
        [one, other],
        [other, one],
    ]) {
        // One of them may already have drawn the newest message.
        const isShared = ([time]) => time >= begun && Math.abs(time - Date.now()) > 4000;
        const shared = line.filter(isShared);
        expect(shared.length).toBeGreaterThan(5);
        for (const [time, celsius] of shared) {
            const near = against.filter(([it]) => Math.abs(it - time) < 1500);
            const apart = near.map(([, it]) => Math.abs(it - celsius));
            expect(Math.min(...apart), `${time}: ${celsius} °C`).toBeLessThan(15);
        }
    }
}

test("shows the same in a page that is opened later", async ({ page, open }) => {
    const late = await open();
    await showOurs(late);
    await countdown(placements(late, "bed").card);
    const read = async (where, heater) => {
        const { time, progress } = placements(where, heater).card;
        const percent = await progress.getAttribute("aria-valuenow");
        return [seconds(await time.textContent()), Number(percent)];
    };
    // The pages tick independently: one may already show the newest message.
    for (const heater of ["tool0", "bed"]) {
        await expect(async () => {
            const both = await Promise.all([page, late].map((it) => read(it, heater)));
            const [[time, percent], [itsTime, itsPercent]] = both;
            expect(time).not.toBeNull();
            expect(Math.abs(time - itsTime), `${heater}: ${both}`).toBeLessThanOrEqual(1);
            expect(Math.abs(percent - itsPercent), `${both}`).toBeLessThanOrEqual(2);
        }).toPass();
    }
    await expect(async () => {
        const [mine, its] = await Promise.all([page, late].map(lines));
        expect(its.length).toBe(mine.length);
        for (const [i, line] of mine.entries()) assertSameCurve(line, its[i]);
    }).toPass();
    await picture(late, "4-late");
});

test("survives a reload during the heat-up", async ({ page, open }) => {
    const second = await open();
    const before = await countdown(placements(second, "bed").inline);
    await reload(second);
    await showOurs(second);
    const { card } = placements(second, "bed");
    expect(await countdown(card)).toBeLessThanOrEqual(before + 2);
    await expectSame(card, placements(page, "bed").card);
});
