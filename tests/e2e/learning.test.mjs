// The adaptive algorithm in a real page: a time at once, and lessons that stay.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements, until } from "./browser.mjs";

describe("learning", () => {
    let octoprint;
    let browser;
    let page;

    before(async () => {
        const basedir = join(cache, "e2e-learning");
        octoprint = await startOctoPrint({ basedir, timeScale: 3 });
        await octoprint.api("settings", {
            plugins: { temp_eta: { algorithm: "adaptive" } },
        });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    afterEach(() => assert.deepEqual(page.faults, []));

    const heatBed = (target) =>
        octoprint.api("printer/bed", { command: "target", target });
    const stored = () =>
        page.evaluate(() => {
            const ours = Object.keys(localStorage).filter((key) =>
                key.startsWith("temp_eta/"),
            );
            return Object.fromEntries(ours.map((key) => [key, localStorage[key]]));
        });
    const arrived = () =>
        until(
            "arrival",
            async () =>
                (await placements(page, "bed").inline.row.getAttribute("data-phase")) ===
                "at_target",
            120_000,
        );

    it("has a time with the first reading of the new target", async () => {
        await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
        assert.deepEqual(await stored(), {});
        await heatBed(60);
        const { inline } = placements(page, "bed");
        await until(
            "heating",
            async () => (await inline.row.getAttribute("data-phase")) === "heating",
        );
        const begun = performance.now();
        await countdown(inline);
        assert.ok(performance.now() - begun < 2500, "no measuring first");
    });

    it("keeps what the heat-up taught, also over a reload", async () => {
        await arrived();
        await until("lesson", async () => Object.keys(await stored()).length === 1);
        const [[key, text]] = Object.entries(await stored());
        assert.match(key, /^temp_eta\/1\/.*_default\/bed$/);
        assert.ok(text.length < 2000, `${text.length} characters`);
        assert.equal(JSON.parse(text)[2], 1, "one way up");

        await page.reload();
        await placements(page, "bed").inline.row.waitFor();
        assert.deepEqual(await stored(), { [key]: text }, "the history teaches no more");
    });

    it("learns from the next heat-up on top of it", async () => {
        await heatBed(90);
        await until("heating", async () => {
            const { row } = placements(page, "bed").inline;
            return (await row.getAttribute("data-phase")) === "heating";
        });
        await arrived();
        await until("second lesson", async () => {
            const [text] = Object.values(await stored());
            return JSON.parse(text)[2] === 2;
        });
    });
});
