// Algorithms that other plugins bring along: one that works, and some that do not.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import {
    countdown,
    openBrowser,
    openPage,
    openSettings,
    placements,
    until,
} from "./browser.mjs";
import { picture } from "./looks.mjs";

const sample = fileURLToPath(new URL("../sample_algorithm", import.meta.url));
const ID = "sample_algorithm.two_points";

describe("an algorithm of another plugin", () => {
    let octoprint;
    let browser;
    let page;

    before(async () => {
        const basedir = join(cache, "e2e-guests");
        octoprint = await startOctoPrint({ basedir, plugins: [sample], timeScale: 4 });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const heatBed = (target) =>
        octoprint.api("printer/bed", { command: "target", target });
    const choose = (algorithm) =>
        octoprint.api("settings", { plugins: { temp_eta: { algorithm } } });
    const register = (id, source) =>
        page.evaluate(
            ([id, source]) =>
                window.OctoPrint.coreui.viewmodels.tempEtaViewModel.registerAlgorithm({
                    id,
                    name: `Test ${id}`,
                    estimate: new Function("samples", "phase", source),
                }),
            [id, source],
        );
    const radios = (page_) => page_.locator("#temp_eta_settings label.radio");
    const notes = async () =>
        (await radios(page).allTextContents()).map((it) =>
            it.replace(/\s+/g, " ").trim(),
        );
    const close = async () => {
        await page.locator("[data-test-id=settings-close-button]").click();
        await page.locator("#settings_dialog").waitFor({ state: "hidden" });
    };

    it("is one to choose", async () => {
        await openSettings(page, "calculation");
        assert.deepEqual((await notes())[3], "Two points not measured yet");
        await radios(page).nth(3).locator("input").check();
        await page.locator("[data-test-id=settings-save]").click();
        await page.locator("#settings_dialog").waitFor({ state: "hidden" });
        const { plugins } = await octoprint.api("settings");
        assert.equal(plugins.temp_eta.algorithm, ID);
    });

    it("counts down in all places, and is scored when the heater has arrived", async () => {
        await heatBed(60);
        const { inline, sidebar } = placements(page, "bed");
        const first = await countdown(sidebar);
        await countdown(inline);
        await until("progress", async () => (await countdown(sidebar)) < first - 3);
        const bed = page.locator("#sidebar_plugin_temp_eta [data-heater=bed]");
        await until(
            "arrival",
            async () => (await bed.getAttribute("data-phase")) === "at_target",
            120_000,
        );
        await openSettings(page, "calculation");
        for (const note of await notes()) {
            assert.match(note, /off by \d+ % of the time it takes, measured once/);
        }
        await picture(page, "settings-algorithms");
        await close();
        await page.reload();
        await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
        await openSettings(page, "calculation");
        await until("score", async () => /^Two points off by/.test((await notes())[3]));
        assert.match(
            await page.locator("#temp_eta_lessons").textContent(),
            /Bed: 1 heat-up, 0 cool-downs, since \d/,
        );
        await close();
    });

    it("is switched off with one message when it is broken, and the rest goes on", async () => {
        await page.locator("#temp_link a").click();
        for (const [name, source, words] of [
            ["throws", "throw new Error('oh')", /It has failed/],
            ["says_nan", "return NaN", /no time/],
            [
                "is_slow",
                "const t = Date.now(); while (Date.now() < t + 40); return 5",
                /too long/,
            ],
        ]) {
            const id = `test.${name}`;
            await page.evaluate(() => window.PNotify.removeAll());
            await register(id, source);
            await choose(id);
            await heatBed(name === "says_nan" ? 0 : 100);
            const message = page.locator(".ui-pnotify", { hasText: `Test ${id}` });
            await until("message", async () => (await message.count()) > 0, 40_000);
            assert.match(await message.first().textContent(), words);
            await page.waitForTimeout(3000);
            assert.equal(await message.count(), 1, "once");
            await openSettings(page, "calculation");
            assert.ok(
                (await notes()).some((it) => /switched off/.test(it) && it.includes(id)),
            );
            await close();
            await countdown(placements(page, "bed").sidebar);
        }
        const faults = page.faults.filter((it) => !/oh/.test(it));
        assert.deepEqual(faults, []);
    });

    it("is not needed by what it was chosen in", async () => {
        await choose("gone_away.algorithm");
        await countdown(placements(page, "bed").sidebar);
        await openSettings(page, "calculation");
        assert.match(
            (await notes()).at(-1),
            /gone_away.algorithm not there: Linear is shown/,
        );
        await close();
    });

    it("that makes no sense is told to its author", async () => {
        const said = [];
        page.on("console", (message) => said.push(message.text()));
        await register("nonsense", "return 5");
        await until("error", () =>
            said.some((it) => /"plugin.algorithm", not nonsense/.test(it)),
        );
    });

    it("forgets with the rest what was learned", async () => {
        await openSettings(page, "calculation");
        await page.locator("#temp_eta_forget").click();
        await page.locator(".modal.in .btn-danger").last().click();
        await until("nothing", async () =>
            (await notes()).every((it) => !/off by/.test(it)),
        );
        assert.equal(await page.locator("#temp_eta_lessons li").count(), 0);
        const kept = await page.evaluate(() =>
            Object.keys(localStorage).filter((key) => key.startsWith("temp_eta/1/")),
        );
        assert.deepEqual(kept, []);
    });
});
