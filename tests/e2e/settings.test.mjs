// Saved settings take effect in all open pages, without a reload.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import {
    awaitReadings,
    closeSettings,
    countdown,
    fill,
    openPage,
    openSettings,
    PANES,
    placements,
    showPane,
} from "./browser.mjs";
import { expect, expectNoFaults, test } from "./fixtures.mjs";
import { slowBed } from "./health.mjs";
import { configOf, definitions } from "./octoprint.mjs";
import { awaitSaved, forAll, formLimits, otherThan, takeNotice } from "./settings.mjs";
import { picture } from "./visual_checks.mjs";

// Otherwise OctoPrint 2 asks the administrator for a password, which does not exist.
const config = { accessControl: { defaultReauthenticationTimeout: 0 } };
test.use({ octoprintOptions: { ...slowBed(), config } });
test.describe.configure({ mode: "serial" });

let octoprint;
let mine;
let other;

test.beforeAll(async ({ browser, octoprint: started, openedPage }) => {
    octoprint = started;
    mine = openedPage;
    other = await openPage(browser, octoprint);
    for (const page of [mine, other]) {
        await page.evaluate(() => {
            window.changes = 0;
            window.OctoPrint.socket.onMessage("event", ({ data }) => {
                if (data.type === "SettingsUpdated") window.changes++;
            });
        });
    }
});

test.afterEach(() => expectNoFaults([mine, other]));

test.afterAll(() => other?.close());

const stored = () => octoprint.settings();
const settled = () => awaitSaved(octoprint, [mine, other]);
const post = async (plugin) => {
    await octoprint.configure(plugin);
    await settled();
};
const dialog = () => mine.locator("#settings_dialog");
const close = async (button) => {
    await closeSettings(mine, button);
    await settled();
};
const save = () => close("settings-save");
const field = (key) => mine.locator(`#temp_eta_${key}`);
/** Opens a pane and enters values, by key. */
const enter = async (pane, values) => {
    await openSettings(mine, pane);
    for (const [key, value] of Object.entries(values)) {
        if (typeof value === "boolean") await field(key).setChecked(value);
        else await fill(field(key), value);
    }
};
const error = (key) => mine.locator(`#temp_eta_${key}_error`);
const expectNotice = (...words) => takeNotice(mine, words);
/** The value in config.yaml. */
const configured = (key) => configOf(octoprint).plugins.temp_eta?.[key];
const sidebarOf = (page) => page.locator("#sidebar_plugin_temp_eta_wrapper");

test("are not changed by opening their panes", async () => {
    for (const pane of PANES) {
        await openSettings(mine, pane);
        await close();
    }
    await openSettings(mine, "general");
    const changed = await mine.evaluate(() => {
        const { settingsViewModel } = window.OctoPrint.coreui.viewmodels;
        const entered = window.ko.toJS(settingsViewModel.settings.plugins.temp_eta);
        const saved = settingsViewModel.lastReceivedSettings.plugins.temp_eta;
        return Object.keys(entered).filter((key) => !_.isEqual(entered[key], saved[key]));
    });
    expect(changed).toEqual([]);
    await close();
});

test("switch a placement off and on, here and in another page", async () => {
    const [here, there] = [placements(mine, "bed"), placements(other, "bed")];
    for (const place of [here.inline, here.sidebar, there.inline, there.sidebar]) {
        await countdown(place);
    }
    await enter("general", { show_in_temperature_tab: false });
    await awaitReadings(mine, 1);
    expect(await here.inline.row.count(), "no effect before it is saved").toBe(1);
    await save();
    await expect(here.inline.row).toHaveCount(0);
    await expect(there.inline.row).toHaveCount(0);
    await countdown(here.sidebar);

    await post({ show_in_temperature_tab: true, show_in_sidebar: false });
    await countdown(here.inline);
    await expect(sidebarOf(mine)).toBeHidden();
    await expect(sidebarOf(other)).toBeHidden();
    await post({ show_in_sidebar: true });
    await countdown(there.sidebar);
});

test("switch everything off and on", async () => {
    const { inline, sidebar } = placements(other, "bed");
    await enter("general", { enabled: false });
    await expect(field("show_in_tab")).toBeDisabled();
    await save();
    await expect(inline.row).toHaveCount(0);
    await expect(sidebarOf(other)).toBeHidden();
    await post({ enabled: true });
    await countdown(inline);
    await countdown(sidebar);
});

test("reach the core", async () => {
    const { inline, sidebar } = placements(other, "bed");
    await post({ min_rate: 1.0 });
    await expect(sidebar.status).toHaveText("heating slowly");
    await expect(inline.time).toHaveText("");
    await enter("thresholds", { min_rate: "0.02" });
    await showPane(mine, "calculation");
    await mine.locator("#temp_eta_settings [value=exponential]").check();
    await save();
    await countdown(inline);
    expect(await stored()).toMatchObject({ algorithm: "exponential", min_rate: 0.02 });
});

test("set the update interval", async ({ open }) => {
    // A countdown in whole seconds does not show it, so snapshots are counted.
    const page = await open({ prepare: ({ clock }) => clock.install() });
    const eta = await page.evaluateHandle(
        () => window.OctoPrint.coreui.viewmodels.tempEtaViewModel,
    );
    // Messages come by the real clock, and may be shown instead of ticks.
    await eta.evaluate((it) => {
        it.fromCurrentData = () => {};
    });
    /** The number of snapshots in 10 s of the page's clock. */
    const snapshots = async (update_interval) => {
        await post({ update_interval });
        await expect
            .poll(() => eta.evaluate((it) => it.saved().update_interval))
            .toBe(update_interval);
        await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000));
        const counter = await eta.evaluateHandle((it) => {
            const counter = { count: 0 };
            it.heaters()[0].row.subscribe(() => counter.count++);
            return counter;
        });
        await page.clock.runFor(10_000);
        const { count } = await counter.jsonValue();
        await page.clock.resume();
        return count;
    };
    expect(await snapshots(5)).toBe(2);
    expect(await snapshots(0.1)).toBe(100);
});

test("keep the previous value instead of an invalid one, and report it", async () => {
    await mine.evaluate(() => window.PNotify.removeAll());
    const invalid = { update_interval: 99, algorithm: "magic", enabled: "yes" };
    await post({ ...invalid, min_rate: 0.05 });
    expect(await stored()).toMatchObject({
        update_interval: 0.1,
        algorithm: "exponential",
        min_rate: 0.05,
        enabled: true,
    });
    const lines = readFileSync(octoprint.logFile, "utf8").split("\n");
    const logged = lines.filter((line) => line.includes("Settings were not saved"));
    expect(logged).toHaveLength(1);
    for (const key of Object.keys(invalid)) expect(logged[0]).toContain(key);
    const reason = /Update interval: must be from 0.1 to 5 s/;
    await expectNotice(reason, /Temperature ETA, Show heating.*: must be true or false/);
    await openSettings(mine, "general");
    await expect(mine.locator("#temp_eta_refused")).toHaveText(reason);
    await close();
    await post({ update_interval: 1, algorithm: "linear", enabled: true });
});

test("are not saved while the form has invalid values", async () => {
    await enter("calculation", { update_interval: "99" });
    await showPane(mine, "thresholds");
    await fill(field("cooldown_target_bed"), "");
    await expect(error("cooldown_target_bed")).toHaveText("must be from 0 to 200 °C");
    const invalid = mine.locator("#temp_eta_settings .nav-pills .temp-eta-invalid");
    await expect(invalid).toHaveText(["Calculation", "Thresholds"]);
    const entry = mine.locator("#settings_plugin_temp_eta_link");
    await expect(entry).toContainClass("temp-eta-invalid");
    await picture(mine, "settings-invalid");
    // Not even from another pane of OctoPrint's settings.
    await mine.locator("#settings_appearance_link a").click();
    await mine.locator("[data-test-id=settings-save]").click();
    await expectNotice(/Nothing was saved/);
    await expect(dialog()).toBeVisible();
    await expect(field("update_interval"), "shows the invalid field").toBeVisible();
    expect((await stored()).update_interval).toBe(1);
    await fill(field("update_interval"), "2");
    await showPane(mine, "thresholds");
    await fill(field("cooldown_target_bed"), "45");
    await expect(invalid).toHaveCount(0);
    await save();
    expect(await stored()).toMatchObject({ update_interval: 2, cooldown_target_bed: 45 });
    await post({ update_interval: 1 });
});

test("are saved despite invalid values in hidden fields", async () => {
    await enter("server", { mqtt_enabled: true, mqtt_broker_port: "99999" });
    await field("mqtt_enabled").uncheck();
    await save();
    expect(await stored()).toMatchObject({ mqtt_enabled: false, mqtt_broker_port: 1883 });
    expect(await mine.locator(".ui-pnotify").count()).toBe(0);
});

test("are shown again after the dialog is closed, even if a number was no number", async () => {
    const invalid = mine.locator("li.temp-eta-invalid");
    await post({ cooldown_mode: "ambient" });
    await openSettings(mine, "thresholds");
    await field("cooldown_ambient_temp").pressSequentially("-");
    await field("cooldown_ambient_temp").blur();
    await expect(invalid).toHaveCount(2);
    await close();
    await openSettings(mine, "thresholds");
    await expect(invalid).toHaveCount(0);
    await close();
    await post({ cooldown_mode: "threshold" });
});

test("are reported with the reason if only the server can refuse them", async () => {
    await post({ mqtt_enabled: true, mqtt_use_tls: true });
    await enter("server", { mqtt_tls_ca_file: "/no/such/file" });
    await mine.locator("#temp_eta_test_mqtt").click();
    const reason = /CA certificate: must be a file that OctoPrint can read/;
    await expect(mine.locator("#temp_eta_test_result")).toHaveText(reason);
    await save();
    await expectNotice(reason);
    await post({ mqtt_enabled: false, mqtt_use_tls: false });
});

test("have the same limits in the form as on the server", async () => {
    await openSettings(mine, "general");
    const form = await formLimits(mine);
    for (const [key, definition] of Object.entries(definitions)) {
        const input = form[key];
        expect(input, `${key} has a control`).toBeDefined();
        if (definition.type === "number") {
            expect(input, key).toMatchObject({
                min: String(definition.least),
                max: String(definition.most),
                step: definition.whole ? "1" : "any",
                required: definition.default !== null,
            });
        } else if (definition.type === "choice") {
            expect(input.values, key).toEqual(definition.options.map(String));
        } else if (["text", "secret", "file", "heaters"].includes(definition.type)) {
            const pattern = definition.pattern ?? "";
            expect(input, key).toMatchObject({ maxLength: definition.longest, pattern });
        }
    }
    await close();
});

test("accept temperatures in °F", async () => {
    await post({ threshold_unit: "f" });
    await openSettings(mine, "thresholds");
    const bed = field("cooldown_target_bed");
    await expect(bed).toHaveValue("113");
    await expect(field("threshold_start")).toHaveValue("9");
    await expect(bed).toHaveAttribute("max", "392");
    await picture(mine, "settings-fahrenheit");
    await fill(bed, "400");
    await expect(error("cooldown_target_bed")).toHaveText(/from 32 to 392/);
    await fill(bed, "104");
    await fill(field("target_band"), "3.6");
    await save();
    expect(await stored()).toMatchObject({ cooldown_target_bed: 40, target_band: 2 });
});

test("show the topic and test the broker as entered", async () => {
    await enter("server", { mqtt_enabled: true, mqtt_base_topic: "a/#" });
    await expect(error("mqtt_base_topic")).toHaveText(/must not contain \+/);
    await fill(field("mqtt_base_topic"), "workshop");
    await field("mqtt_use_appearance_name").uncheck();
    await fill(field("mqtt_custom_identifier"), "left one");
    await field("mqtt_custom_identifier").blur();
    const example = mine.locator("#temp_eta_topic_example");
    await expect(example).toHaveText("workshop/left_one/tool0/eta");
    const result = mine.locator("#temp_eta_test_result");
    await mine.locator("#temp_eta_test_mqtt").click();
    await expect(result).toHaveText(/Enter a broker first/);
    const refused = Buffer.from([0x20, 2, 0, 4]);
    const broker = createServer((socket) =>
        socket.once("data", () => socket.write(refused)),
    );
    await once(broker.listen(0, "127.0.0.1"), "listening");
    await fill(field("mqtt_broker_host"), "127.0.0.1");
    await fill(field("mqtt_broker_port"), String(broker.address().port));
    await mine.locator("#temp_eta_test_mqtt").click();
    await expect(result).toHaveText(/Incorrect username or password/);
    await picture(mine, "settings-mqtt");
    broker.close();
    await close();
    expect((await stored()).mqtt_broker_host, "nothing was saved").toBe("");
});

test("have a write-only password", async () => {
    const state = mine.locator("#temp_eta_mqtt_password_state");
    await post({ mqtt_enabled: true });
    await openSettings(mine, "server");
    await expect(state).toHaveText("Not set.");
    await fill(field("mqtt_password"), "s3cret");
    await save();
    expect(configured("mqtt_password")).toBe("s3cret");
    await openSettings(mine, "server");
    await expect(state).toHaveText("Saved.");
    await expect(field("mqtt_password")).toHaveValue("");
    // Edited and left empty, it stays.
    await fill(field("mqtt_password"), "x");
    await fill(field("mqtt_password"), "");
    await fill(field("mqtt_username"), "octo");
    await save();
    expect(configured("mqtt_username")).toBe("octo");
    expect(configured("mqtt_password")).toBe("s3cret");
    await enter("server", { mqtt_password_remove: true });
    await save();
    expect(configured("mqtt_password")).toBeUndefined();
});

test("measure times and sizes for a bug report", async () => {
    await openSettings(mine, "diagnostics");
    const report = mine.locator("#temp_eta_report");
    await expect(report).toHaveValue(/Per estimate: \d/);
    const text = await report.inputValue();
    for (const line of [
        /^Temperature ETA \d/,
        /Per message: [\d.]+ ms mean, [\d.]+ ms worst, of \d+/,
        /Per snapshot: [\d.]+ ms mean/,
        /Held: \d+ heaters, \d+ samples, \d+ graph points/,
        /Module memory: \d+ KiB/,
        /Skipped readings: time 0/,
        /Rejected settings: /,
    ]) {
        expect(text).toMatch(line);
    }
    await mine.locator("#temp_eta_copy").click();
    await mine.getByText("Copied.").waitFor();
    await picture(mine, "settings-diagnostics");
    const logged = [];
    // OctoPrint logs how fast the browser is, which depends on the machine.
    const ofTerminal = (text) => text.startsWith("Terminal: Client speed");
    mine.on("console", (message) => {
        if (!ofTerminal(message.text())) logged.push(message.text());
    });
    await field("debug_logging").check();
    await save();
    await expect
        .poll(() => logged)
        .toContainEqual(expect.stringMatching(/rows in [\d.]+ ms/));
    const log = readFileSync(octoprint.logFile, "utf8");
    expect(log).toContain("DEBUG - Settings saved: debug_logging");
    await post({ debug_logging: false });
    logged.length = 0;
    // Each message would be logged.
    await awaitReadings(mine, 2);
    expect(logged).toEqual([]);
});

test("are all reset to their defaults", async () => {
    await post(forAll((definition) => otherThan(definition)));
    const changed = await stored();
    for (const [key, definition] of Object.entries(definitions)) {
        if (definition.type === "secret") expect(changed.mqtt_password_set).toBe(true);
        else expect(changed[key], key).not.toEqual(definition.default);
    }
    // Unsaved changes are lost as well.
    await enter("general", { enabled: true });
    // OctoPrint's notices of success go away, perhaps before they are looked at.
    await mine.evaluate(() => {
        window.PNotify.prototype.options.delay = 600_000;
    });
    await mine.locator("#temp_eta_restore").click();
    await mine.locator(".modal.in .btn-danger, .modal.in .btn-primary").last().click();
    // OctoPrint answers 500 while settings are being written.
    const restored = () => stored().catch(() => null);
    await expect.poll(restored).toMatchObject({
        ...forAll((definition) =>
            definition.type === "secret" ? null : definition.default,
        ),
        mqtt_password_set: false,
    });
    await dialog().waitFor({ state: "hidden" });
    await settled();
    await expectNotice(/Defaults restored/);
    await openSettings(mine, "general");
    await expect(field("enabled")).toBeChecked();
    await close();
    // The bed may be too slow for a countdown by now.
    await octoprint.heat({ tool0: 200 });
    for (const page of [mine, other]) await countdown(placements(page, "tool0").sidebar);
});
