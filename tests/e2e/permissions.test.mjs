// What users without permission to change settings see and may do, by API and in the page.
import { expect, test } from "./fixtures.mjs";
import {
    addUser,
    ELSEWHERE,
    logIn,
    requestAs,
    SECRETS,
    secretsIn,
} from "./other_users.mjs";

// Its own OctoPrint, as it changes permissions.
test.use({ octoprintOptions: {} });
test.describe.configure({ mode: "serial" });

let octoprint;
let keys;

test.beforeAll(async ({ octoprint: started }) => {
    octoprint = started;
    keys = await addUser(octoprint, { name: "worker", admin: false });
});

/** Sends a request as a user; anonymous if it has no key. */
const request = (who, ...args) => requestAs(keys[who], octoprint, ...args);
const command = (who, body) => request(who, "plugin/temp_eta", body);

test("hide the password from all, and the broker from users who may not set it", async () => {
    for (const [who, expected] of [
        ["admin", [SECRETS.mqtt_broker_host, SECRETS.mqtt_username]],
        ["worker", []],
        ["nobody", []],
    ]) {
        const answer = await request(who, "settings");
        expect(answer.status, who).toBe(200);
        const text = await answer.text();
        expect(text, `${who} sees settings at all`).toContain("temp_eta");
        expect(secretsIn(text), who).toEqual(expected);
        const ours = JSON.parse(text).plugins.temp_eta;
        expect(ours.mqtt_password, who).toBeNull();
        expect(ours.mqtt_password_set, who).toBe(who === "admin" ? true : null);
    }
});

test("hide both in the page of other users", async ({ open }) => {
    const page = await open({
        // OctoPrint trusts this header from a local proxy.
        headers: ELSEWHERE,
        touched: false,
        // OctoPrint's own page makes requests that such a user may not.
        expected: /403 \(FORBIDDEN\)/,
    });
    const expectHidden = async () => {
        const [settings, all] = await page.evaluate(() => {
            const { settingsViewModel } = window.OctoPrint.coreui.viewmodels;
            const { temp_eta } = settingsViewModel.settings.plugins;
            const settings = window.ko.toJS(temp_eta);
            const received = settingsViewModel.lastReceivedSettings;
            const html = document.documentElement.outerHTML;
            const inputs = [...document.querySelectorAll("input")].map((it) => it.value);
            return [settings, JSON.stringify([settings, received, html, inputs])];
        });
        expect(settings.enabled, "it knows the settings").toBe(true);
        expect(secretsIn(all)).toEqual([]);
    };
    await expectHidden();
    await logIn(page, "worker");
    await expectHidden();
});

test("let users who may see the printer read the plugin's status", async () => {
    for (const who of ["admin", "worker"]) {
        const answer = await request(who, "plugin/temp_eta");
        expect(answer.status, who).toBe(200);
        const status = await answer.json();
        expect(status).toMatchObject({
            version: expect.stringMatching(/^\d+\.\d+\.\d+/),
            built: true,
            server: { state: expect.any(String) },
        });
        expect("refused" in status, who).toBe(who === "admin");
    }
    // Guests get the ETAs, and nothing of the plugin.
    const answer = await request("nobody", "plugin/temp_eta");
    expect(await answer.json()).toEqual({ etas: { state: "off" } });
});

test("let those who see temperatures read what was learned, and only those who control the printer change it", async () => {
    await octoprint.api("access/users", {
        ...{ name: "viewer", password: "viewer", active: true, admin: false },
        groups: ["readonly"],
    });
    const { apikey } = await octoprint.api("access/users/viewer/apikey", {});
    keys = { ...keys, viewer: apikey };
    const read = (who) => request(who, "plugin/temp_eta?learned=_default");
    const { file } = await (await read("admin")).json();
    const write = {
        ...{ command: "store_learned", profile: "_default", heater: "bed", file },
        ...{ based_on: 0, numbers: [1, 2] },
    };
    const forget = { command: "forget_learned", profile: "_default" };
    for (const who of ["nobody", "viewer"]) {
        expect((await read(who)).status, who).toBe(200);
        for (const body of [write, forget]) {
            const { status } = await command(who, body);
            // For anonymous users OctoPrint checks the CSRF token first.
            expect(who === "nobody" ? [400, 403] : [403], who).toContain(status);
        }
    }
    expect(await (await read("nobody")).json()).toMatchObject({ revision: 0 });
    for (const [body, revision] of [
        [write, 1],
        [forget, 2],
    ]) {
        const answer = await command("worker", body);
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ result: "stored", revision });
    }
    const permissions = ["SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions });
    expect((await read("nobody")).status).toBe(403);
    expect((await request("admin", "plugin/temp_eta?learned=none")).status).toBe(404);
});

test("refuse commands of users who may not change settings", async () => {
    for (const name of ["reset_settings", "test_mqtt"]) {
        const { status } = await command("worker", { command: name });
        expect(status, name).toBe(403);
        // For anonymous users OctoPrint checks the CSRF token first.
        const refusal = await command("nobody", { command: name });
        expect([400, 403], name).toContain(refusal.status);
    }
    expect(await octoprint.settings()).toMatchObject({
        mqtt_broker_host: SECRETS.mqtt_broker_host,
        mqtt_password_set: true,
    });
});

test("let administrators test and reset", async () => {
    const tryOut = (settings) => command("admin", { command: "test_mqtt", settings });
    const result = async (settings) => (await tryOut(settings)).json();
    expect(await result({})).toEqual({ result: "unknown_host" });
    expect(await result({ mqtt_broker_host: "127.0.0.1" })).toEqual({
        result: "password_needed",
    });
    expect(await result({ mqtt_qos: 7, mqtt_tls_ca_file: "/no/such/file" })).toEqual({
        result: "impossible",
        refused: {
            mqtt_qos: "must be one of 0, 1, 2",
            mqtt_tls_ca_file: "must be a file that OctoPrint can read",
        },
    });
    for (const odd of ["hello", [1], null]) {
        expect((await tryOut(odd)).status, JSON.stringify(odd)).toBe(400);
    }
    expect((await command("admin", { command: "magic" })).status).toBe(400);
    // Saving another broker removes the password, so it is not sent there either.
    await octoprint.configure({ mqtt_broker_host: "127.0.0.1" });
    expect((await octoprint.settings()).mqtt_password_set).toBe(false);
    const reset = await command("admin", { command: "reset_settings" });
    expect(reset.status).toBe(200);
    expect(await octoprint.settings()).toMatchObject({
        mqtt_broker_host: "",
        mqtt_password_set: false,
    });
});
