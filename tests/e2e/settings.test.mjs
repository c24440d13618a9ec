// Saved settings take effect in every open page, without a reload.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements, until } from "./browser.mjs";

describe("settings", () => {
    let octoprint;
    let browser;
    let mine;
    let other;

    before(async () => {
        const basedir = join(cache, "e2e-settings");
        octoprint = await startOctoPrint({ basedir, heat: { bed: 115 } });
        browser = await openBrowser();
        mine = await openPage(browser, octoprint.url);
        other = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const openPane = async () => {
        await mine.locator("#navbar_show_settings").click();
        await mine.locator("#settings_plugin_temp_eta_link a").click();
        await mine.locator("#temp_eta_enabled").waitFor();
    };
    const save = async () => {
        await mine.locator("[data-test-id=settings-save]").click();
        await mine.locator("#settings_dialog").waitFor({ state: "hidden" });
    };
    const stored = async () => (await octoprint.api("settings")).plugins.temp_eta;
    const post = (plugin) => octoprint.api("settings", { plugins: { temp_eta: plugin } });
    const gone = (place) => until("blank", async () => (await place.row.count()) === 0);

    it("switch a placement off and on, here and in another page", async () => {
        const [here, there] = [placements(mine, "bed"), placements(other, "bed")];
        for (const place of [here.inline, here.sidebar, there.inline, there.sidebar]) {
            await countdown(place);
        }
        await openPane();
        await mine.locator("#temp_eta_show_in_temperature_tab").uncheck();
        await sleep(300);
        assert.equal(await here.inline.row.count(), 1, "nothing before it is saved");
        await save();
        await gone(here.inline);
        await gone(there.inline);
        await countdown(here.sidebar);

        await post({ show_in_temperature_tab: true, show_in_sidebar: false });
        await countdown(here.inline);
        await mine
            .locator("#sidebar_plugin_temp_eta_wrapper")
            .waitFor({ state: "hidden" });
        await other
            .locator("#sidebar_plugin_temp_eta_wrapper")
            .waitFor({ state: "hidden" });
        await post({ show_in_sidebar: true });
        await countdown(there.sidebar);
    });

    it("switch everything off and on", async () => {
        const { inline, sidebar } = placements(other, "bed");
        await openPane();
        await mine.locator("#temp_eta_enabled").uncheck();
        await save();
        await gone(inline);
        await other
            .locator("#sidebar_plugin_temp_eta_wrapper")
            .waitFor({ state: "hidden" });
        await post({ enabled: true });
        await countdown(inline);
        await countdown(sidebar);
    });

    it("reach the calculation", async () => {
        const { inline, sidebar } = placements(other, "bed");
        await post({ min_rate: 1.0 });
        await until(
            "refusal",
            async () => (await sidebar.status.textContent()) === "heating slowly",
        );
        assert.equal(await inline.time.textContent(), "");
        await openPane();
        await mine.locator("#temp_eta_min_rate").fill("0.02");
        await mine.locator("#temp_eta_algorithm").selectOption("exponential");
        await save();
        await countdown(inline);
        assert.equal((await stored()).algorithm, "exponential");
        assert.equal((await stored()).min_rate, 0.02);
    });

    it("set the rate at which the page is brought up to date", async () => {
        // A countdown in whole seconds cannot show it; the snapshots that arrive can.
        const snapshots = () =>
            other.evaluate(async () => {
                const [heater] =
                    window.OctoPrint.coreui.viewmodels.tempEtaViewModel.heaters();
                let count = 0;
                const counting = heater.row.subscribe(() => count++);
                await new Promise((resolve) => setTimeout(resolve, 3000));
                counting.dispose();
                return count;
            });
        await post({ update_interval: 5 });
        await sleep(1000);
        const slow = await snapshots();
        await post({ update_interval: 0.1 });
        await sleep(1000);
        const fast = await snapshots();
        assert.ok(slow <= 2 && fast >= 6, `in 3 s: ${slow} at 5 s, ${fast} at 0.1 s`);
    });

    it("keep the old value in place of an impossible one", async () => {
        await post({
            update_interval: 99,
            algorithm: "magic",
            min_rate: 0.05,
            enabled: "yes",
        });
        const { update_interval, algorithm, min_rate, enabled } = await stored();
        assert.deepEqual(
            { update_interval, algorithm, min_rate, enabled },
            {
                update_interval: 0.1,
                algorithm: "exponential",
                min_rate: 0.05,
                enabled: true,
            },
        );
        const log = readFileSync(octoprint.logFile, "utf8");
        for (const key of ["update_interval", "algorithm", "enabled"]) {
            assert.match(log, new RegExp(`Setting ${key} was not saved`));
        }
    });

    it("left no complaint", () => {
        assert.deepEqual([mine.faults, other.faults], [[], []]);
    });
});
