// The page, in the ways in which OctoPrint and what stands before it serve it.
import {
    countdown,
    openBrowser,
    openPage,
    openSettings,
    placements,
} from "../e2e/browser.mjs";
import { startProxy } from "../e2e/proxy.mjs";
import { givePlugin } from "./environment.mjs";
import { expect, picture, startVersion, test } from "./versions.mjs";

const NAME = "octopi.test";

let octoprint;

/** A heating bed in all four places, each of them shown, and its time falls. */
async function countsDownEverywhere(page) {
    await octoprint.api("printer/bed", { command: "target", target: 115 });
    const { inline, sidebar, card, navbar } = placements(page, "bed");
    const first = await countdown(inline);
    for (const place of [inline, sidebar, navbar]) {
        await countdown(place);
        await expect(place.row).toBeVisible();
    }
    await page
        .locator("#tab_plugin_temp_eta_link a")
        .first()
        .evaluate((it) => it.click());
    await countdown(card);
    await expect(card.row).toBeVisible();
    await page.locator("#temp_link a").click();
    await expect.poll(() => countdown(sidebar)).toBeLessThan(first - 2);
}

/** A value entered in our part of the settings, saved, and seen after a reload. */
async function keepsSettings(page, value) {
    const field = page.locator("#temp_eta_history_size");
    await openSettings(page, "calculation");
    await field.fill(value);
    await page.locator("[data-test-id=settings-save]").click();
    await expect(page.locator("#settings_dialog")).toBeHidden();
    await page.reload();
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    await openSettings(page, "calculation");
    await expect(field).toBeVisible();
    await expect(field).toHaveValue(value);
    const { plugins } = await octoprint.api("settings");
    expect(plugins.temp_eta.history_size).toBe(Number(value));
}

test.describe("bundled", () => {
    test.beforeAll(async ({ version }) => {
        await givePlugin(version);
        octoprint = await startVersion(version);
    });

    test.afterAll(() => octoprint?.stop());

    test("The page: four countdowns, settings kept", async ({ browser }) => {
        const page = await openPage(browser, octoprint.url);
        await countsDownEverywhere(page);
        await picture(page, "page");
        await keepsSettings(page, "150");
        await picture(page, "settings");
        expect(page.faults).toEqual([]);
        await page.close();
    });

    test("The page below a path, by plain http, under a name", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/");
        const browser = await openBrowser({ hosts: [NAME] });
        const page = await openPage(browser, `http://${NAME}:${proxy.port}/octo/`);
        expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
        await countsDownEverywhere(page);
        expect(page.faults).toEqual([]);
        await browser.close();
        await proxy.stop();
    });

    test("The page behind a proxy that passes no websockets", { tag: "@whole" }, async ({
        browser,
    }) => {
        const proxy = await startProxy(octoprint.url, "/octo/", { sockets: false });
        const page = await openPage(browser, proxy.url);
        await countsDownEverywhere(page);
        const isOfSocket = (fault) => /WebSocket/.test(fault);
        expect(page.faults.filter((it) => !isOfSocket(it))).toEqual([]);
        await page.close();
        await proxy.stop();
    });
});

test.describe("unbundled", { tag: "@partly-2.0.0rc7" }, () => {
    test.beforeAll(async ({ version }) => {
        await givePlugin(version);
        octoprint = await startVersion(version, { bundle: false });
    });

    test.afterAll(() => octoprint?.stop());

    test("The page with unbundled scripts", async ({ browser }) => {
        const page = await openPage(browser, octoprint.url);
        await countsDownEverywhere(page);
        await keepsSettings(page, "150");
        expect(page.faults).toEqual([]);
        await page.close();
    });
});
