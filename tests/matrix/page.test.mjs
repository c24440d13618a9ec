// The page as served by OctoPrint and by reverse proxies.
import {
    closeSettings,
    countdown,
    openSettings,
    placements,
    reload,
    showPane,
} from "../e2e/browser.mjs";
import { expectNoFaults } from "../e2e/fixtures.mjs";
import { slowBed } from "../e2e/health.mjs";
import { octoprintFolder } from "../e2e/octoprint.mjs";
import { givePlugin } from "./environment.mjs";
import { expect, picture, test } from "./versions.mjs";

test.use({ octoprintOptions: slowBed() });

/** Checks that a heating bed is counted down in all four placements. */
async function assertCountdowns(page) {
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

/** Checks that a value saved in the settings is shown after a reload. */
async function assertSettingsSaved(page, value) {
    const field = page.locator("#temp_eta_history_size");
    await openSettings(page, "calculation");
    await field.fill(value);
    // A list, which OctoPrint's page sends as a whole.
    await showPane(page, "heaters");
    await page.locator("#temp_eta_heaters [data-heater=bed] [type=text]").fill("Bett");
    await closeSettings(page, "settings-save");
    await reload(page);
    await openSettings(page, "calculation");
    await expect(field).toBeVisible();
    await expect(field).toHaveValue(value);
    const { history_size, heaters } = await page.octoprint.settings();
    expect(history_size).toBe(Number(value));
    expect(heaters).toEqual([{ counted: true, heater: "bed", name: "Bett" }]);
}

test("The page: four countdowns, settings are saved", async ({ page }) => {
    await assertCountdowns(page);
    await picture(page, "page");
    await assertSettingsSaved(page, "150");
    await picture(page, "settings");
});

test("The page below a path, over plain HTTP, by host name", async ({ open }) => {
    const page = await open({ proxy: { host: "octopi.test" } });
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
    await assertCountdowns(page);
});

test("The page behind a proxy without WebSockets", { tag: "@whole" }, async ({
    open,
}) => {
    const page = await open({ proxy: { sockets: false }, expected: /WebSocket/ });
    await assertCountdowns(page);
});

test("The page with unbundled scripts", { tag: "@partly-2.0.0rc7" }, async ({
    version,
    run,
}) => {
    await givePlugin(version);
    const basedir = octoprintFolder("unbundled");
    await run.start({ basedir, bundle: false, ...slowBed() });
    await assertCountdowns(run.page);
    await assertSettingsSaved(run.page, "150");
    expectNoFaults([run.page]);
});
