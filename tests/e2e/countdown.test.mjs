// The packaged plugin in a real OctoPrint and a real browser: from the target to arrival.
import { readFileSync } from "node:fs";
import {
    becomes,
    countdown,
    placements,
    record,
    reloadPage,
    seconds,
} from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";

test.use({ octoprintOptions: { timeScale: 1, settings: { min_rate: 0.01 } } });
test.describe.configure({ mode: "serial" });

test.afterEach(({ octoprint }) => {
    const log = readFileSync(octoprint.logFile, "utf8");
    expect(log).not.toMatch(/Traceback|\bERROR\b.*temp_eta/);
});

const connection = (page, command) => page.octoprint.api("connection", { command });

test("is not shown while no heater is active", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    await expect(page.locator(".temp-eta-heater:visible")).toHaveCount(0);
});

test("counts down in row and sidebar until arrival", async ({ page }) => {
    const { inline, sidebar } = placements(page, "bed");
    const shown = await record(page, sidebar);
    const shownInline = await record(page, inline);
    await page.octoprint.heat({ bed: 60 });
    await countdown(inline);
    await expect(sidebar.row).toHaveAttribute("data-phase", "heating");
    await expect(sidebar.status).toHaveText("heating");
    expect(await sidebar.temps.textContent()).toMatch(/^[\d.]+ → 60\u00a0°C$/);
    const percent = async () =>
        Number(await sidebar.progress.getAttribute("aria-valuenow"));
    await expect.poll(percent).toBeGreaterThan(5);
    await becomes(sidebar, "at_target");
    await expect(sidebar.status).toHaveText("holds 60\u00a0°C");
    await expect(sidebar.time).toHaveText("");
    await expect(sidebar.progress).toHaveCount(0);

    // What was shown, and when, in s since the target was set.
    const { temperature } = await page.octoprint.api("printer?history=true");
    const rows = temperature.history;
    const { time: target } = rows.find(({ bed }) => bed?.target === 60);
    const arrived = rows.find(({ bed }) => bed?.target === 60 && bed.actual >= 59);
    const truth = arrived.time - target;
    const countdowns = (entries) =>
        entries
            .map(({ at, time }) => [at / 1000 - target, seconds(time ?? "")])
            .filter(([, left]) => left !== null);
    const all = countdowns(await shown());
    const inTable = countdowns(await shownInline());
    expect(all.map(([, left]) => left)).toEqual(inTable.map(([, left]) => left));
    // After the sensor's lag at the start, and before the controller reduces the power.
    const middle = all.filter(([at]) => at > 0.4 * truth && at < 0.75 * truth);
    const message = JSON.stringify(middle);
    expect(middle.length, "ticks each second").toBeGreaterThan(0.2 * truth);
    const [[start, most], [end, least]] = [middle[0], middle.at(-1)];
    const elapsed = end - start;
    const error = Math.abs(most - least - elapsed);
    expect(error, `counts down in real time: ${message}`).toBeLessThan(0.5 * elapsed);
    const arrivals = middle.map(([at, left]) => at + left);
    for (const arrival of arrivals) {
        const off = Math.abs(arrival - truth);
        expect(off, `${message} / ${truth} s`).toBeLessThan(0.35 * truth);
    }
});

test("is shown at once after a reload, from the history", async ({ page }) => {
    const { inline } = placements(page, "tool0");
    // From here on heaters take minutes, so that they are on their way on a busy machine, too.
    await page.octoprint.setTimeScale(0.5);
    await page.octoprint.heat({ tool0: 230 });
    const before = await countdown(inline);
    // Long enough for the rate to be known from the history.
    await expect.poll(() => countdown(inline)).toBeLessThan(before - 5);

    await reloadPage(page, { waitUntil: "commit" });
    const shown = await record(page, inline);
    const after = await countdown(inline);
    const [first] = (await shown()).filter(({ phase }) => phase === "heating");
    expect(first.time, "not measuring first").toMatch(/^\d+:\d\d$/);
    expect(after).toBeLessThan(before);
});

test("disappears with the printer's connection and returns with it", async ({ page }) => {
    const { inline, sidebar } = placements(page, "tool0");
    await connection(page, "disconnect");
    await expect(page.locator(".temp-eta-heater")).toHaveCount(0);
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    await connection(page, "connect");
    await expect.poll(page.octoprint.state).toBe("Operational");
    await page.octoprint.heat({ tool0: 300 });
    await countdown(inline);
    await countdown(sidebar);
});

test("starts again with a new target, and counts down a cool-down", async ({ page }) => {
    const bed = placements(page, "bed");
    await page.octoprint.heat({ bed: 110 });
    await countdown(bed.inline);
    await page.octoprint.heat({ bed: 100 });
    await expect(bed.sidebar.temps).toHaveText(/→ 100\u00a0°C$/);
    await countdown(bed.inline);

    const { inline, sidebar } = placements(page, "tool0");
    await page.octoprint.heat({ tool0: 0 });
    await becomes(inline, "cooling");
    expect(await countdown(sidebar)).toBeGreaterThan(5);
    await expect(sidebar.status).toHaveText("cooling to 50\u00a0°C");
});

test("follows the printer profile, in new rows", async ({ page }) => {
    await page.octoprint.heat({ bed: 100 });
    await countdown(placements(page, "bed").inline);
    const offsets = [
        [0, 0],
        [10, 0],
    ];
    await page.octoprint.patch("printerprofiles/_default", {
        profile: { heatedBed: false, extruder: { count: 2, offsets } },
    });
    await expect(placements(page, "bed").sidebar.row).toHaveCount(0);
    const names = page.locator("#temperature-table .temperature_tool:visible");
    await expect(names.filter({ hasText: /^Tool 1$/ })).toHaveCount(1);
    const { inline, sidebar } = placements(page, "tool0");
    await expect(inline.row).toHaveCount(1);
    await expect(sidebar.row).toHaveCount(1);
});
