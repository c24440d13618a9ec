// A real OctoPrint with the packaged plugin, a real browser: from the target to arrival.
import { readFileSync } from "node:fs";
import { becomes, countdown, placements, record, seconds } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";

test.use({ octoprintOptions: { timeScale: 3 } });
test.describe.configure({ mode: "serial" });

test.afterEach(({ octoprint }) => {
    const log = readFileSync(octoprint.logFile, "utf8");
    expect(log).not.toMatch(/Traceback|\bERROR\b.*temp_eta/);
});

const connection = (page, command) => page.octoprint.api("connection", { command });

test("is nowhere while nothing moves", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    await expect(page.locator(".temp-eta-heater:visible")).toHaveCount(0);
});

test("falls second by second in row and sidebar, until arrival", async ({ page }) => {
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

    // What was shown, and when by that: in s, after the target was set.
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
    // After the sensor's lag at the start, before the controller slows the bed down.
    const middle = all.filter(([at]) => at > 0.4 * truth && at < 0.75 * truth);
    const told = JSON.stringify(middle);
    expect(middle.length, "ticks each second").toBeGreaterThan(0.2 * truth);
    const [[begun, most], [ended, least]] = [middle[0], middle.at(-1)];
    const elapsed = ended - begun;
    const error = Math.abs(most - least - elapsed);
    expect(error, `falls by a second a second: ${told}`).toBeLessThan(0.5 * elapsed);
    const arrivals = middle.map(([at, left]) => at + left);
    for (const arrival of arrivals) {
        const off = Math.abs(arrival - truth);
        expect(off, `${told} / ${truth} s`).toBeLessThan(0.35 * truth);
    }
});

test("is there after a reload in the middle, from the history", async ({ page }) => {
    const { inline } = placements(page, "tool0");
    await page.octoprint.heat({ tool0: 230 });
    const before = await countdown(inline);
    // Long enough for a history that says how fast it is.
    await expect.poll(() => countdown(inline)).toBeLessThan(before - 5);

    await page.reload({ waitUntil: "commit" });
    const shown = await record(page, inline);
    const after = await countdown(inline);
    const [first] = (await shown()).filter(({ phase }) => phase === "heating");
    expect(first.time, "no measuring anew").toMatch(/^\d+:\d\d$/);
    expect(after).toBeLessThan(before);
});

test("goes away with the printer and comes back with it", async ({ page }) => {
    const { inline, sidebar } = placements(page, "tool0");
    await connection(page, "disconnect");
    await expect(page.locator(".temp-eta-heater")).toHaveCount(0);
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    await connection(page, "connect");
    await expect
        .poll(async () => (await page.octoprint.api("connection")).current.state)
        .toBe("Operational");
    await page.octoprint.heat({ tool0: 240 });
    await countdown(inline);
    await countdown(sidebar);
});

test("begins anew with a new target, and counts a cool-down", async ({ page }) => {
    const { inline, sidebar } = placements(page, "tool0");
    await countdown(inline);
    await page.octoprint.heat({ tool0: 0 });
    await becomes(inline, "cooling");
    expect(await countdown(sidebar)).toBeGreaterThan(5);
    await expect(sidebar.status).toHaveText("cooling to 50\u00a0°C");
});

test("follows the printer profile, in rows made anew", async ({ page }) => {
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
