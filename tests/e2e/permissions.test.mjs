// What those who may not change settings see and may do, by the API and in the page.
import { expect, test } from "./fixtures.mjs";
import { askAs, ELSEWHERE, logIn, SECRETS, sees, settle } from "./other_users.mjs";

// An OctoPrint of this file alone, since it changes who may do what.
test.use({ octoprintOptions: {} });
test.describe.configure({ mode: "serial" });

let octoprint;
let keys;

test.beforeAll(async ({ octoprint: started }) => {
    octoprint = started;
    keys = await settle(octoprint, { name: "worker", admin: false });
});

/** A request of somebody, anonymous if it is nobody. */
const ask = (who, ...request) => askAs(keys[who], octoprint, ...request);
const command = (who, body) => ask(who, "plugin/temp_eta", body);

test("keep the password from all, and the broker from those who may not set it", async () => {
    for (const [who, expected] of [
        ["admin", [SECRETS.mqtt_broker_host, SECRETS.mqtt_username]],
        ["worker", []],
        ["nobody", []],
    ]) {
        const answer = await ask(who, "settings");
        expect(answer.status, who).toBe(200);
        const text = await answer.text();
        expect(text, `${who} sees settings at all`).toContain("temp_eta");
        expect(sees(text), who).toEqual(expected);
        const ours = JSON.parse(text).plugins.temp_eta;
        expect(ours.mqtt_password, who).toBeNull();
        expect(ours.mqtt_password_set, who).toBe(who === "admin" ? true : null);
    }
});

test("keep both from the page of others", async ({ open }) => {
    const page = await open({
        // OctoPrint believes the header of a proxy on this machine.
        headers: ELSEWHERE,
        touched: false,
        // OctoPrint's own page asks for more than such a user may have.
        expected: /403 \(FORBIDDEN\)/,
    });
    const expectKept = async () => {
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
        expect(sees(all)).toEqual([]);
    };
    await expectKept();
    await logIn(page, "worker");
    await expectKept();
});

test("let who may see the printer ask how the plugin is", async () => {
    for (const who of ["admin", "worker"]) {
        const answer = await ask(who, "plugin/temp_eta");
        expect(answer.status, who).toBe(200);
        const status = await answer.json();
        expect(status).toMatchObject({
            version: expect.stringMatching(/^\d+\.\d+\.\d+/),
            built: true,
            relay: { state: expect.any(String) },
        });
        expect("refused" in status, who).toBe(who === "admin");
    }
    const permissions = ["SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions });
    expect((await ask("nobody", "plugin/temp_eta")).status).toBe(403);
});

test("refuse commands to those who may not change settings", async () => {
    for (const name of ["reset_settings", "test_mqtt"]) {
        const { status } = await command("worker", { command: name });
        expect(status, name).toBe(403);
        // OctoPrint asks the anonymous for a token against forged requests first.
        const refusal = await command("nobody", { command: name });
        expect([400, 403], name).toContain(refusal.status);
    }
    expect(await octoprint.settings()).toMatchObject({
        mqtt_broker_host: SECRETS.mqtt_broker_host,
        mqtt_password_set: true,
    });
});

test("let the others test and reset", async () => {
    const tried = (settings) => command("admin", { command: "test_mqtt", settings });
    const result = async (settings) => (await tried(settings)).json();
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
        expect((await tried(odd)).status, JSON.stringify(odd)).toBe(400);
    }
    expect((await command("admin", { command: "magic" })).status).toBe(400);
    // Nor does saving another broker first send the password there.
    await octoprint.configure({ mqtt_broker_host: "127.0.0.1" });
    expect((await octoprint.settings()).mqtt_password_set).toBe(false);
    const reset = await command("admin", { command: "reset_settings" });
    expect(reset.status).toBe(200);
    expect(await octoprint.settings()).toMatchObject({
        mqtt_broker_host: "",
        mqtt_password_set: false,
    });
});
