// What guests, users who may only look, and administrators see and may do.
import { countdown, openPage, placements } from "../e2e/browser.mjs";
import { askAs, ELSEWHERE, logIn, SECRETS, sees } from "../e2e/others.mjs";
import { givePlugin } from "./environment.mjs";
import { expect, picture, startVersion, test } from "./versions.mjs";

const COMMANDS = ["reset_settings", "test_mqtt", "renew_mqtt_id"];

let octoprint;
const keys = {};

test.beforeAll(async ({ version }) => {
    await givePlugin(version);
    octoprint = await startVersion(version, { heat: { bed: 115 } });
    await octoprint.api("settings", { plugins: { temp_eta: SECRETS } });
    await octoprint.put("access/groups/guests", {
        permissions: ["STATUS", "SETTINGS_READ"],
    });
    const reader = { name: "reader", password: "reader", active: true };
    await octoprint.api("access/users", { ...reader, groups: ["readonly"] });
    keys.admin = octoprint.apiKey;
    keys.reader = (await octoprint.api("access/users/reader/apikey", {})).apikey;
});

test.afterAll(() => octoprint?.stop());

const ask = (who, ...request) => askAs(keys[who], octoprint, ...request);

/** The page of somebody who is not the administrator. */
async function openElsewhere(browser, login) {
    const context = await browser.newContext({ extraHTTPHeaders: ELSEWHERE });
    const page = await openPage(context, octoprint.url, { touched: false });
    if (login) await logIn(page, login);
    return page;
}

/** It sees the times outside of the table of who may set temperatures; no more. */
async function onlyLooks(page, name) {
    const { sidebar, navbar } = placements(page, "bed");
    for (const place of [sidebar, navbar]) {
        await countdown(place);
        await expect(place.row).toBeVisible();
    }
    await expect(page.locator("#temperature-table")).toBeHidden();
    await expect(page.locator("#navbar_show_settings")).toBeHidden();
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    expect(sees(html)).toEqual([]);
    await picture(page, name);
    // OctoPrint's own page asks for more than such a user may have.
    const faults = page.faults.filter((it) => !/40[03] \((FORBIDDEN|BAD)/.test(it));
    expect(faults).toEqual([]);
    await page.context().close();
}

async function mayNot(who, refusals) {
    const settings = await (await ask(who, "settings")).text();
    expect(settings, "settings at all").toContain("temp_eta");
    expect(sees(settings)).toEqual([]);
    for (const command of COMMANDS) {
        const { status } = await ask(who, "plugin/temp_eta", { command });
        expect(refusals, command).toContain(status);
    }
    const { plugins } = await octoprint.api("settings");
    expect(plugins.temp_eta.mqtt_username).toBe(SECRETS.mqtt_username);
}

test("A guest sees the times, no secrets, and may do nothing", async ({ browser }) => {
    // OctoPrint may ask for a token against forged requests first.
    await mayNot("nobody", [400, 403]);
    await onlyLooks(await openElsewhere(browser, null), "guest");
});

test("A read-only user sees the times, no secrets, and may do nothing", async ({
    browser,
}) => {
    await mayNot("reader", [403]);
    const status = await (await ask("reader", "plugin/temp_eta")).json();
    expect(status).not.toHaveProperty("refused");
    await onlyLooks(await openElsewhere(browser, "reader"), "reader");
});

test("An administrator sees and may do all, but see the password", async ({
    browser,
}) => {
    const text = await (await ask("admin", "settings")).text();
    expect(sees(text)).toEqual([SECRETS.mqtt_broker_host, SECRETS.mqtt_username]);
    const command = "test_mqtt";
    const tested = await ask("admin", "plugin/temp_eta", { command });
    expect(await tested.json()).toEqual({ result: "unknown_host" });
    const page = await openPage(browser, octoprint.url);
    await countdown(placements(page, "bed").inline);
    await expect(page.locator("#navbar_show_settings")).toBeVisible();
    expect(page.faults).toEqual([]);
    await page.close();
});
