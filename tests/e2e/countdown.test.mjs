// A real OctoPrint with the packaged plugin, a real browser: from the target to arrival.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements, until } from "./browser.mjs";

describe("the countdown", () => {
    let octoprint;
    let browser;
    let page;

    before(async () => {
        const basedir = join(cache, "e2e-countdown");
        octoprint = await startOctoPrint({ basedir, timeScale: 3 });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    afterEach(() => {
        assert.deepEqual(page.faults, []);
        const log = readFileSync(octoprint.logFile, "utf8");
        assert.doesNotMatch(log, /Traceback|\bERROR\b.*temp_eta/);
    });

    const heat = (targets) =>
        octoprint.api("printer/tool", { command: "target", targets });
    const heatBed = (target) =>
        octoprint.api("printer/bed", { command: "target", target });
    const connection = (command) => octoprint.api("connection", { command });

    it("is nowhere while nothing moves", async () => {
        await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
        assert.equal(await page.locator(".temp-eta-heater:visible").count(), 0);
    });

    it("appears in row and sidebar, falls by a second a second and ends on arrival", async () => {
        await heatBed(80);
        const { inline, sidebar } = placements(page, "bed");
        await countdown(inline);
        const [first, same] = await Promise.all([inline, sidebar].map(countdown));
        const begun = performance.now();
        assert.ok(Math.abs(same - first) <= 1, `${first} and ${same}`);
        assert.equal(await sidebar.row.getAttribute("data-phase"), "heating");
        assert.equal(await sidebar.status.textContent(), "heating");
        assert.match(await sidebar.temps.textContent(), /^[\d.]+ → 80\u00a0°C$/);

        // After the sensor's lag at the start, before the controller slows the bed down.
        await sleep(8000);
        const start = { shown: await countdown(inline), at: performance.now() };
        const shown = [start.shown];
        for (let i = 0; i < 8; i++) {
            await sleep(1000);
            shown.push(await countdown(inline));
        }
        const elapsed = (performance.now() - start.at) / 1000;
        const fallen = start.shown - shown.at(-1);
        assert.ok(Math.abs(fallen - elapsed) < 0.5 * elapsed, `${shown} in ${elapsed} s`);
        assert.ok(new Set(shown).size >= 6, `ticks each second: ${shown}`);
        const percent = () => sidebar.progress.getAttribute("aria-valuenow");
        assert.ok(Number(await percent()) > 5);

        const predicted = (performance.now() - begun) / 1000 + (await countdown(inline));
        await until(
            "arrival",
            async () => (await inline.row.getAttribute("data-phase")) === "at_target",
            120_000,
        );
        const truth = (performance.now() - begun) / 1000;
        assert.ok(
            Math.abs(predicted - truth) < 0.35 * truth,
            `${predicted} / ${truth} s`,
        );
        assert.equal(await sidebar.status.textContent(), "holds 80\u00a0°C");
        assert.equal(await sidebar.time.textContent(), "");
        assert.equal(await sidebar.progress.count(), 0);
    });

    it("is there after a reload in the middle, from the history", async () => {
        await heat({ tool0: 230 });
        const before = await countdown(placements(page, "tool0").inline);
        await sleep(6000);

        // Of the messages that bring temperatures, how many came before the countdown?
        const messages = [];
        page.on("websocket", (socket) => {
            socket.on("framereceived", ({ payload }) => {
                if (/"temps": ?\[\{/.test(payload)) messages.push(payload);
            });
        });
        await page.reload();
        const after = await countdown(placements(page, "tool0").inline);
        assert.ok(
            messages.length >= 1 && messages.length <= 3,
            `${messages.length} messages until the countdown`,
        );
        assert.ok(after < before, `${before} s before, ${after} s after the reload`);
    });

    it("goes away with the printer and comes back with it", async () => {
        const { inline, sidebar } = placements(page, "tool0");
        await connection("disconnect");
        await until(
            "blank",
            async () => (await page.locator(".temp-eta-heater").count()) === 0,
        );
        await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
        await connection("connect");
        await until("connection", async () => {
            const { current } = await octoprint.api("connection");
            return current.state === "Operational";
        });
        await heat({ tool0: 240 });
        await countdown(inline);
        await countdown(sidebar);
    });

    it("begins anew with a new target, and counts a cool-down", async () => {
        const { inline, sidebar } = placements(page, "tool0");
        await countdown(inline);
        await heat({ tool0: 0 });
        await until(
            "cooling",
            async () => (await inline.row.getAttribute("data-phase")) === "cooling",
        );
        assert.ok((await countdown(sidebar)) > 5);
        assert.equal(await sidebar.status.textContent(), "cooling to 50\u00a0°C");
    });

    it("follows the printer profile, in rows made anew", async () => {
        await heatBed(100);
        await countdown(placements(page, "bed").inline);
        const profile = (changes) =>
            octoprint.patch("printerprofiles/_default", { profile: changes });
        await profile({
            heatedBed: false,
            extruder: {
                count: 2,
                offsets: [
                    [0, 0],
                    [10, 0],
                ],
            },
        });
        await until(
            "no bed",
            async () => (await placements(page, "bed").sidebar.row.count()) === 0,
        );
        await until("second row", async () => {
            const names = page.locator("#temperature-table .temperature_tool:visible");
            return (await names.allTextContents()).includes("Tool 1");
        });
        const { inline, sidebar } = placements(page, "tool0");
        await until("row", async () => (await inline.row.count()) === 1);
        assert.equal(await sidebar.row.count(), 1);
    });
});
