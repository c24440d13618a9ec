// What those who may not change settings see and may do, by the API and in the page.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { openBrowser, openPage } from "./browser.mjs";
import { askAs, ELSEWHERE, logIn, SECRETS, sees } from "./others.mjs";

describe("rights", () => {
    let octoprint;
    let browser;
    const keys = {};

    before(async () => {
        const basedir = join(cache, "e2e-rights");
        // OctoPrint believes the header of a proxy on this machine.
        octoprint = await startOctoPrint({ basedir });
        await octoprint.api("settings", { plugins: { temp_eta: SECRETS } });
        await octoprint.put("access/groups/guests", {
            permissions: ["STATUS", "SETTINGS_READ"],
        });
        const worker = { name: "worker", password: "worker", active: true, admin: false };
        await octoprint.api("access/users", worker);
        keys.admin = octoprint.apiKey;
        keys.worker = (await octoprint.api("access/users/worker/apikey", {})).apikey;
        browser = await openBrowser();
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    /** A request of somebody, anonymous if it is nobody. */
    const ask = (who, ...request) => askAs(keys[who], octoprint, ...request);

    it("keep the password from all, and the broker from those who may not set it", async () => {
        for (const [who, expected] of [
            ["admin", [SECRETS.mqtt_broker_host, SECRETS.mqtt_username]],
            ["worker", []],
            ["nobody", []],
        ]) {
            const answer = await ask(who, "settings");
            assert.equal(answer.status, 200, who);
            const text = await answer.text();
            assert.ok(text.includes("temp_eta"), `${who} sees settings at all`);
            assert.deepEqual(sees(text), expected, who);
            const ours = JSON.parse(text).plugins.temp_eta;
            assert.equal(ours.mqtt_password, null);
            assert.equal(ours.mqtt_password_set, who === "admin" ? true : null);
        }
    });

    it("keep both from the page of others", async () => {
        const context = await browser.newContext({ extraHTTPHeaders: ELSEWHERE });
        const page = await openPage(context, octoprint.url, { touched: false });
        const known = () =>
            page.evaluate(() => {
                const { settingsViewModel } = window.OctoPrint.coreui.viewmodels;
                const settings = window.ko.toJS(
                    settingsViewModel.settings.plugins.temp_eta,
                );
                const received = settingsViewModel.lastReceivedSettings;
                const html = document.documentElement.outerHTML;
                const inputs = [...document.querySelectorAll("input")].map(
                    (it) => it.value,
                );
                return {
                    settings,
                    all: JSON.stringify([settings, received, html, inputs]),
                };
            });
        const asGuest = await known();
        assert.equal(asGuest.settings.enabled, true, "it knows the settings");
        assert.deepEqual(sees(asGuest.all), []);
        await logIn(page, "worker");
        const asWorker = await known();
        assert.equal(asWorker.settings.enabled, true);
        assert.deepEqual(sees(asWorker.all), []);
        // OctoPrint's own page asks for more than such a user may have.
        assert.deepEqual(
            page.faults.filter((fault) => !fault.includes("403 (FORBIDDEN)")),
            [],
        );
        await context.close();
    });

    it("let who may see the printer ask how the plugin is", async () => {
        for (const who of ["admin", "worker"]) {
            const answer = await ask(who, "plugin/temp_eta");
            assert.equal(answer.status, 200, who);
            const status = await answer.json();
            assert.match(status.version, /^\d+\.\d+\.\d+/);
            assert.equal(status.built, true);
            assert.equal(typeof status.relay.state, "string");
            assert.equal("refused" in status, who === "admin");
        }
        const permissions = ["SETTINGS_READ"];
        await octoprint.put("access/groups/guests", { permissions });
        assert.equal((await ask("nobody", "plugin/temp_eta")).status, 403);
    });

    it("refuse commands to those who may not change settings", async () => {
        for (const command of ["reset_settings", "test_mqtt"]) {
            for (const who of ["worker", "nobody"]) {
                const answer = await ask(who, "plugin/temp_eta", { command });
                // OctoPrint asks the anonymous for a token against forged requests first.
                const refusals = who === "nobody" ? [400, 403] : [403];
                assert.ok(refusals.includes(answer.status), `${who} ${answer.status}`);
            }
        }
        const { plugins } = await octoprint.api("settings");
        assert.equal(plugins.temp_eta.mqtt_broker_host, SECRETS.mqtt_broker_host);
        assert.equal(plugins.temp_eta.mqtt_password_set, true);
    });

    it("let the others test and reset", async () => {
        const test = async (settings) => {
            const body = { command: "test_mqtt", settings };
            return ask("admin", "plugin/temp_eta", body);
        };
        assert.deepEqual(await (await test({})).json(), { result: "unknown_host" });
        const elsewhere = await test({ mqtt_broker_host: "127.0.0.1" });
        assert.deepEqual(await elsewhere.json(), { result: "password_needed" });
        const wrong = await test({ mqtt_qos: 7, mqtt_tls_ca_file: "/no/such/file" });
        assert.deepEqual(await wrong.json(), {
            result: "impossible",
            refused: {
                mqtt_qos: "must be one of 0, 1, 2",
                mqtt_tls_ca_file: "must be a file that OctoPrint can read",
            },
        });
        for (const odd of ["hello", [1], null]) {
            assert.equal((await test(odd)).status, 400, JSON.stringify(odd));
        }
        const unknown = await ask("admin", "plugin/temp_eta", { command: "magic" });
        assert.equal(unknown.status, 400);
        // Nor does saving another broker first send the password there.
        await octoprint.api("settings", {
            plugins: { temp_eta: { mqtt_broker_host: "127.0.0.1" } },
        });
        const saved = (await octoprint.api("settings")).plugins.temp_eta;
        assert.equal(saved.mqtt_password_set, false);
        const reset = await ask("admin", "plugin/temp_eta", {
            command: "reset_settings",
        });
        assert.equal(reset.status, 200);
        const { plugins } = await octoprint.api("settings");
        assert.equal(plugins.temp_eta.mqtt_broker_host, "");
        assert.equal(plugins.temp_eta.mqtt_password_set, false);
    });
});
