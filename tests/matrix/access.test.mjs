// What guests, users who may only look, and administrators see and may do.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { countdown, openBrowser, openPage, placements } from "../e2e/browser.mjs";
import { picture } from "../e2e/looks.mjs";
import { askAs, ELSEWHERE, logIn, SECRETS, sees } from "../e2e/others.mjs";
import { givePlugin } from "./environment.mjs";
import { onEveryOctoPrint, startVersion } from "./versions.mjs";

const COMMANDS = ["reset_settings", "test_mqtt", "renew_mqtt_id"];

onEveryOctoPrint((version) => {
    let octoprint;
    let browser;
    const keys = {};

    before(async () => {
        await givePlugin(version);
        octoprint = await startVersion(version, "access", { heat: { bed: 115 } });
        await octoprint.api("settings", { plugins: { temp_eta: SECRETS } });
        await octoprint.put("access/groups/guests", {
            permissions: ["STATUS", "SETTINGS_READ"],
        });
        const reader = { name: "reader", password: "reader", active: true };
        await octoprint.api("access/users", { ...reader, groups: ["readonly"] });
        keys.admin = octoprint.apiKey;
        keys.reader = (await octoprint.api("access/users/reader/apikey", {})).apikey;
        browser = await openBrowser();
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const ask = (who, ...request) => askAs(keys[who], octoprint, ...request);
    /** The page of somebody who is not the administrator. */
    const openElsewhere = async (login) => {
        const context = await browser.newContext({ extraHTTPHeaders: ELSEWHERE });
        const page = await openPage(context, octoprint.url, { touched: false });
        if (login) await logIn(page, login);
        return page;
    };
    /** It sees the times outside of the table of who may set temperatures; no more. */
    const onlyLooks = async (page, name) => {
        const { sidebar, navbar } = placements(page, "bed");
        for (const place of [sidebar, navbar]) {
            await countdown(place);
            await place.row.waitFor({ state: "visible" });
        }
        assert.ok(await page.locator("#temperature-table").isHidden());
        assert.ok(await page.locator("#navbar_show_settings").isHidden());
        const html = await page.evaluate(() => document.documentElement.outerHTML);
        assert.deepEqual(sees(html), []);
        await picture(page, `matrix-${version}-${name}`);
        // OctoPrint's own page asks for more than such a user may have.
        const faults = page.faults.filter((it) => !/40[03] \((FORBIDDEN|BAD)/.test(it));
        assert.deepEqual(faults, []);
        await page.context().close();
    };
    const mayNot = async (who, refusals) => {
        const settings = await (await ask(who, "settings")).text();
        assert.ok(settings.includes("temp_eta"), "settings at all");
        assert.deepEqual(sees(settings), []);
        for (const command of COMMANDS) {
            const { status } = await ask(who, "plugin/temp_eta", { command });
            assert.ok(refusals.includes(status), `${command} ${status}`);
        }
        const { plugins } = await octoprint.api("settings");
        assert.equal(plugins.temp_eta.mqtt_username, SECRETS.mqtt_username);
    };

    it("A guest sees the times, no secrets, and may do nothing", async () => {
        // OctoPrint may ask for a token against forged requests first.
        await mayNot("nobody", [400, 403]);
        await onlyLooks(await openElsewhere(null), "guest");
    });

    it("A read-only user sees the times, no secrets, and may do nothing", async () => {
        await mayNot("reader", [403]);
        const status = await (await ask("reader", "plugin/temp_eta")).json();
        assert.ok(!("refused" in status));
        await onlyLooks(await openElsewhere("reader"), "reader");
    });

    it("An administrator sees and may do all, but see the password", async () => {
        const text = await (await ask("admin", "settings")).text();
        const known = [SECRETS.mqtt_broker_host, SECRETS.mqtt_username];
        assert.deepEqual(sees(text), known);
        const command = "test_mqtt";
        const tested = await ask("admin", "plugin/temp_eta", { command });
        assert.deepEqual(await tested.json(), { result: "unknown_host" });
        const page = await openPage(browser, octoprint.url);
        const { inline } = placements(page, "bed");
        await countdown(inline);
        assert.ok(await page.locator("#navbar_show_settings").isVisible());
        assert.deepEqual(page.faults, []);
        await page.close();
    });
});
