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

const heat = (octoprint, targets) =>
    octoprint.api("printer/tool", { command: "target", targets });
const heatBed = (octoprint, target) =>
    octoprint.api("printer/bed", { command: "target", target });
const connection = (octoprint, command) => octoprint.api("connection", { command });

/** The temperatures that OctoPrint's socket brings from now on, as its messages hold them. */
function readings(page) {
    const rows = [];
    page.on("websocket", (socket) => {
        socket.on("framereceived", ({ payload }) => {
            // SockJS frames: an array of messages begins with "a".
            if (!payload.startsWith("a")) return;
            for (const { current } of JSON.parse(payload.slice(1))) {
                rows.push(...(current?.temps ?? []));
            }
        });
    });
    return rows;
}

test("is nowhere while nothing moves", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
    await expect(page.locator(".temp-eta-heater:visible")).toHaveCount(0);
});

test("appears in row and sidebar, falls by a second a second and ends on arrival", async ({
    page,
    octoprint,
}) => {
    const { inline, sidebar } = placements(page, "bed");
    const rows = readings(page);
    await page.reload();
    await page.getByText("Nothing is heating or cooling down.").waitFor();
    const shown = await record(page, sidebar);
    const shownInline = await record(page, inline);
    await heatBed(octoprint, 60);
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
    const { time: target } = rows.find(({ bed }) => bed.target === 60);
    const arrived = rows.find(({ bed }) => bed.target === 60 && bed.actual >= 59);
    const truth = arrived.time - target;
    const countdowns = (entries) =>
        entries
            .map(({ at, time }) => ({
                at: at / 1000 - target,
                left: seconds(time ?? ""),
            }))
            .filter(({ left }) => left !== null);
    const all = countdowns(await shown());
    expect(all.map(({ left }) => left)).toEqual(
        countdowns(await shownInline()).map(({ left }) => left),
    );
    // After the sensor's lag at the start, before the controller slows the bed down.
    const middle = all.filter(({ at }) => at > 0.3 * truth && at < 0.7 * truth);
    expect(middle.length, "ticks each second").toBeGreaterThan(0.2 * truth);
    const arrivals = middle.map(({ at, left }) => at + left);
    const spread = Math.max(...arrivals) - Math.min(...arrivals);
    const told = JSON.stringify(middle);
    expect(spread, `falls by a second a second: ${told}`).toBeLessThan(0.2 * truth);
    for (const arrival of arrivals) {
        expect(Math.abs(arrival - truth), `${told} / ${truth} s`).toBeLessThan(
            0.35 * truth,
        );
    }
});

test("is there after a reload in the middle, from the history", async ({
    page,
    octoprint,
}) => {
    const { inline } = placements(page, "tool0");
    await heat(octoprint, { tool0: 230 });
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

test("goes away with the printer and comes back with it", async ({ page, octoprint }) => {
    const { inline, sidebar } = placements(page, "tool0");
    await connection(octoprint, "disconnect");
    await expect(page.locator(".temp-eta-heater")).toHaveCount(0);
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
    await connection(octoprint, "connect");
    await expect
        .poll(async () => (await octoprint.api("connection")).current.state)
        .toBe("Operational");
    await heat(octoprint, { tool0: 240 });
    await countdown(inline);
    await countdown(sidebar);
});

test("begins anew with a new target, and counts a cool-down", async ({
    page,
    octoprint,
}) => {
    const { inline, sidebar } = placements(page, "tool0");
    await countdown(inline);
    await heat(octoprint, { tool0: 0 });
    await becomes(inline, "cooling");
    expect(await countdown(sidebar)).toBeGreaterThan(5);
    await expect(sidebar.status).toHaveText("cooling to 50\u00a0°C");
});

test("follows the printer profile, in rows made anew", async ({ page, octoprint }) => {
    await heatBed(octoprint, 100);
    await countdown(placements(page, "bed").inline);
    const offsets = [
        [0, 0],
        [10, 0],
    ];
    await octoprint.patch("printerprofiles/_default", {
        profile: { heatedBed: false, extruder: { count: 2, offsets } },
    });
    await expect(placements(page, "bed").sidebar.row).toHaveCount(0);
    const names = page.locator("#temperature-table .temperature_tool:visible");
    await expect(names.filter({ hasText: /^Tool 1$/ })).toHaveCount(1);
    const { inline, sidebar } = placements(page, "tool0");
    await expect(inline.row).toHaveCount(1);
    await expect(sidebar.row).toHaveCount(1);
});
