// The page, in the ways in which OctoPrint and what stands before it serve it.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import {
    countdown,
    openBrowser,
    openPage,
    openSettings,
    placements,
    until,
} from "../e2e/browser.mjs";
import { picture } from "../e2e/looks.mjs";
import { startProxy } from "../e2e/proxy.mjs";
import { givePlugin } from "./environment.mjs";
import { itWholly, onEveryOctoPrint, startVersion } from "./versions.mjs";

const NAME = "octopi.test";

let browser;
let octoprint;

/** A heating bed in all four places, each of them shown, and its time falls. */
async function countsDownEverywhere(page) {
    await octoprint.api("printer/bed", { command: "target", target: 115 });
    const { inline, sidebar, card, navbar } = placements(page, "bed");
    const first = await countdown(inline);
    for (const place of [inline, sidebar, navbar]) {
        await countdown(place);
        await place.row.waitFor({ state: "visible" });
    }
    await page
        .locator("#tab_plugin_temp_eta_link a")
        .first()
        .evaluate((it) => it.click());
    await countdown(card);
    await card.row.waitFor({ state: "visible" });
    await page.locator("#temp_link a").click();
    await until("time less", async () => (await countdown(sidebar)) < first - 2);
}

/** A value entered in our part of the settings, saved, and seen after a reload. */
async function keepsSettings(page, value) {
    await openSettings(page, "calculation");
    await page.locator("#temp_eta_history_size").fill(value);
    await page.locator("[data-test-id=settings-save]").click();
    await page.locator("#settings_dialog").waitFor({ state: "hidden" });
    await page.reload();
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    await openSettings(page, "calculation");
    await page.locator("#temp_eta_history_size").waitFor();
    assert.equal(await page.locator("#temp_eta_history_size").inputValue(), value);
    const { plugins } = await octoprint.api("settings");
    assert.equal(plugins.temp_eta.history_size, Number(value));
}

/** What all but the websocket complains of. */
const withoutSockets = (faults) => faults.filter((it) => !/WebSocket/.test(it));

onEveryOctoPrint((version) => {
    before(async () => {
        await givePlugin(version);
        octoprint = await startVersion(version, "page");
        browser = await openBrowser({ hosts: [NAME] });
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    it("The page: four countdowns, settings kept", async () => {
        const page = await openPage(browser, octoprint.url);
        await countsDownEverywhere(page);
        await picture(page, `matrix-${version}-page`);
        await keepsSettings(page, "150");
        await picture(page, `matrix-${version}-settings`);
        assert.deepEqual(page.faults, []);
        await page.close();
    });

    it("The page below a path, by plain http, under a name", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/");
        try {
            const url = `http://${NAME}:${proxy.port}/octo/`;
            const page = await openPage(browser, url);
            assert.equal(await page.evaluate(() => window.isSecureContext), false);
            await countsDownEverywhere(page);
            assert.deepEqual(page.faults, []);
            await page.close();
        } finally {
            await proxy.stop();
        }
    });

    itWholly("The page behind a proxy that passes no websockets", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/", { sockets: false });
        try {
            const page = await openPage(browser, `http://127.0.0.1:${proxy.port}/octo/`);
            await countsDownEverywhere(page);
            assert.deepEqual(withoutSockets(page.faults), []);
            await page.close();
        } finally {
            await proxy.stop();
        }
    });
});

onEveryOctoPrint(unbundled, { partly: "2.0.0rc7" });

function unbundled(version) {
    before(async () => {
        await givePlugin(version);
        octoprint = await startVersion(version, "unbundled", { bundle: false });
        browser = await openBrowser();
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    it("The page with unbundled scripts", async () => {
        const page = await openPage(browser, octoprint.url);
        await countsDownEverywhere(page);
        await keepsSettings(page, "150");
        assert.deepEqual(page.faults, []);
        await page.close();
    });
}
