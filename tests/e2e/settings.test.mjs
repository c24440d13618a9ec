// Saved settings take effect in every open page, without a reload.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache, venvPython } from "../../scripts/paths.mjs";
import {
    countdown,
    openBrowser,
    openPage,
    openSettings,
    PANES,
    placements,
    showPane,
    until,
} from "./browser.mjs";
import { picture } from "./looks.mjs";

const definitions = JSON.parse(
    readFileSync(new URL("../data/settings.json", import.meta.url), "utf8"),
);

const all = (value) =>
    Object.fromEntries(
        Object.entries(definitions).map(([key, definition]) => [key, value(definition)]),
    );

/** A value that a setting can have, but not its default. */
function otherThan(definition) {
    if (definition.type === "switch") return !definition.default;
    if (definition.type === "number") {
        const { least, most } = definition;
        return definition.default === least ? most : least;
    }
    if (definition.type === "choice") {
        return definition.options.find((option) => option !== definition.default);
    }
    if (definition.type === "colour") return "#123456";
    return definition.type === "file" ? "/etc/hostname" : "other";
}

describe("settings", () => {
    let octoprint;
    let browser;
    let mine;
    let other;

    before(async () => {
        const basedir = join(cache, "e2e-settings");
        // OctoPrint 2 would ask the administrator for a password that there is not.
        const config = { accessControl: { defaultReauthenticationTimeout: 0 } };
        octoprint = await startOctoPrint({ basedir, heat: { bed: 115 }, config });
        browser = await openBrowser();
        mine = await openPage(browser, octoprint.url);
        other = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const dialog = () => mine.locator("#settings_dialog");
    const pressSave = () => mine.locator("[data-test-id=settings-save]").click();
    const save = async () => {
        await pressSave();
        await dialog().waitFor({ state: "hidden" });
    };
    const close = async () => {
        await mine.locator("[data-test-id=settings-close-button]").click();
        await dialog().waitFor({ state: "hidden" });
    };
    const field = (key) => mine.locator(`#temp_eta_${key}`);
    /** What the page says in a corner, which is put away. */
    const notice = async () => {
        const text = await mine.locator(".ui-pnotify-container").last().textContent();
        await mine.evaluate(() => window.PNotify.removeAll());
        return text;
    };
    /** What config.yaml has. */
    const configured = async (key) => {
        const file = join(octoprint.basedir, "config.yaml");
        const read =
            "import sys, json, yaml;" +
            "c = yaml.safe_load(open(sys.argv[1], encoding='utf-8'))['plugins'];" +
            "print(json.dumps(c.get('temp_eta', {})))";
        return JSON.parse(execFileSync(venvPython, ["-c", read, file]))[key];
    };
    const stored = async () => (await octoprint.api("settings")).plugins.temp_eta;
    const post = async (plugin) => {
        await octoprint.api("settings", { plugins: { temp_eta: plugin } });
        // OctoPrint's page misses a change that comes while it asks for the one before.
        await sleep(500);
    };
    const gone = (place) => until("blank", async () => (await place.row.count()) === 0);

    it("are not changed by looking at them", async () => {
        for (const pane of PANES) {
            await openSettings(mine, pane);
            await close();
        }
        await openSettings(mine, "general");
        const changed = await mine.evaluate(() => {
            const { settingsViewModel } = window.OctoPrint.coreui.viewmodels;
            const typed = window.ko.toJS(settingsViewModel.settings.plugins.temp_eta);
            const saved = settingsViewModel.lastReceivedSettings.plugins.temp_eta;
            return Object.keys(typed).filter((key) => typed[key] !== saved[key]);
        });
        assert.deepEqual(changed, []);
        await close();
    });

    it("switch a placement off and on, here and in another page", async () => {
        const [here, there] = [placements(mine, "bed"), placements(other, "bed")];
        for (const place of [here.inline, here.sidebar, there.inline, there.sidebar]) {
            await countdown(place);
        }
        await openSettings(mine, "general");
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
        await openSettings(mine, "general");
        await mine.locator("#temp_eta_enabled").uncheck();
        assert.ok(await field("show_in_tab").isDisabled());
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
        await openSettings(mine, "goals");
        await field("min_rate").fill("0.02");
        await showPane(mine, "calculation");
        await mine.locator("#temp_eta_settings [value=exponential]").check();
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

    it("keep the old value in place of an impossible one, and say so", async () => {
        await mine.evaluate(() => window.PNotify.removeAll());
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
        const lines = readFileSync(octoprint.logFile, "utf8").split("\n");
        const told = lines.filter((line) => line.includes("Settings were not saved"));
        assert.equal(told.length, 1);
        for (const key of ["update_interval", "algorithm", "enabled"]) {
            assert.ok(told[0].includes(key), told[0]);
        }
        await mine.locator(".ui-pnotify").first().waitFor();
        const words = await notice();
        assert.match(words, /Update every: must be from 0.1 to 5 s/);
        assert.match(words, /Temperature ETA, Show how long.*: must be true or false/);
        await openSettings(mine, "general");
        const alert = mine.locator("#temp_eta_refused");
        assert.match(await alert.textContent(), /Update every: must be from 0.1 to 5/);
        await close();
        await post({ update_interval: 1, algorithm: "linear", enabled: true });
    });

    it("are not saved as long as something typed is impossible", async () => {
        await openSettings(mine, "calculation");
        await field("update_interval").fill("99");
        await showPane(mine, "goals");
        await field("cooldown_target_bed").fill("");
        assert.equal(
            await mine.locator("#temp_eta_cooldown_target_bed_complaint").textContent(),
            "must be from 0 to 200 °C",
        );
        const wrong = mine.locator("#temp_eta_settings .nav-pills .temp-eta-wrong");
        assert.deepEqual(
            (await wrong.allTextContents()).map((it) => it.trim()),
            ["Calculation", "Goals"],
        );
        const entry = mine.locator("#settings_plugin_temp_eta_link");
        assert.match(await entry.getAttribute("class"), /temp-eta-wrong/);
        await picture(mine, "settings-wrong");
        // From another plugin's or OctoPrint's own pane as well.
        await mine.locator("#settings_appearance_link a").click();
        await pressSave();
        assert.match(await notice(), /Nothing was saved/);
        assert.ok(await dialog().isVisible());
        assert.ok(await field("update_interval").isVisible(), "led to what is wrong");
        assert.equal((await stored()).update_interval, 1);
        await field("update_interval").fill("2");
        await showPane(mine, "goals");
        await field("cooldown_target_bed").fill("45");
        assert.equal(await wrong.count(), 0);
        await save();
        const { update_interval, cooldown_target_bed } = await stored();
        assert.deepEqual([update_interval, cooldown_target_bed], [2, 45]);
        await post({ update_interval: 1 });
    });

    it("do not wait for what is impossible where nobody can correct it", async () => {
        await openSettings(mine, "mqtt");
        await field("mqtt_enabled").check();
        await field("mqtt_broker_port").fill("99999");
        await field("mqtt_enabled").uncheck();
        await save();
        const { mqtt_enabled, mqtt_broker_port } = await stored();
        assert.deepEqual([mqtt_enabled, mqtt_broker_port], [false, 1883]);
        assert.equal(await mine.locator(".ui-pnotify").count(), 0);
    });

    it("come back when the dialog is closed, also over what is no number at all", async () => {
        await post({ cooldown_mode: "ambient" });
        await openSettings(mine, "goals");
        await field("cooldown_ambient_temp").pressSequentially("-");
        await field("cooldown_ambient_temp").blur();
        assert.equal(await mine.locator("li.temp-eta-wrong").count(), 2);
        await close();
        await openSettings(mine, "goals");
        await until(
            "sound form",
            async () => !(await mine.locator("li.temp-eta-wrong").count()),
        );
        await close();
        await post({ cooldown_mode: "threshold" });
    });

    it("that only the server can refuse are told with the reason", async () => {
        await post({ mqtt_enabled: true, mqtt_use_tls: true });
        await openSettings(mine, "mqtt");
        await field("mqtt_tls_ca_file").fill("/no/such/file");
        await mine.locator("#temp_eta_test_mqtt").click();
        const verdict = mine.locator("#temp_eta_verdict");
        const told = /Authority: must be a file that OctoPrint can read/;
        await until("verdict", async () =>
            told.test((await verdict.textContent()) ?? ""),
        );
        await save();
        await mine.locator(".ui-pnotify").first().waitFor();
        assert.match(await notice(), told);
        await post({ mqtt_enabled: false, mqtt_use_tls: false });
    });

    it("have the limits in the form that they have on the server", async () => {
        await openSettings(mine, "general");
        const inputs = await mine.evaluate(() =>
            [...document.querySelectorAll("#temp_eta_settings [id^=temp_eta_]")]
                .filter((it) => /INPUT|SELECT/.test(it.tagName))
                .map(({ id, min, max, step, required, maxLength, pattern, options }) => ({
                    key: id.replace("temp_eta_", ""),
                    least: min,
                    most: max,
                    step,
                    required,
                    longest: maxLength,
                    pattern,
                    values: [...(options ?? [])].map((option) => option.value),
                })),
        );
        const form = Object.fromEntries(inputs.map((input) => [input.key, input]));
        const algorithms = await mine
            .locator("#temp_eta_settings [name=temp_eta_algorithm]")
            .evaluateAll((radios) => radios.map((radio) => radio.value));
        form.algorithm = { values: algorithms };
        for (const [key, definition] of Object.entries(definitions)) {
            const input = form[key];
            assert.ok(input, `${key} has a control`);
            if (definition.type === "number") {
                assert.equal(Number(input.least), definition.least, key);
                assert.equal(Number(input.most), definition.most, key);
                assert.equal(input.step, definition.whole ? "1" : "any", key);
                assert.equal(input.required, definition.default !== null, key);
            } else if (definition.type === "choice") {
                assert.deepEqual(input.values, definition.options.map(String), key);
            } else if (["text", "file"].includes(definition.type)) {
                assert.equal(input.longest, definition.longest, key);
                assert.equal(input.pattern, definition.pattern ?? "", key);
            }
        }
        await close();
    });

    it("take temperatures in °F", async () => {
        await post({ threshold_unit: "f" });
        await openSettings(mine, "goals");
        const bed = field("cooldown_target_bed");
        await until("°F", async () => (await bed.inputValue()) === "113");
        assert.equal(await field("threshold_start").inputValue(), "9");
        assert.equal(await bed.getAttribute("max"), "392");
        await picture(mine, "settings-fahrenheit");
        await bed.fill("400");
        assert.match(
            await mine.locator("#temp_eta_cooldown_target_bed_complaint").textContent(),
            /from 32 to 392/,
        );
        await bed.fill("104");
        await field("target_band").fill("3.6");
        await save();
        const { cooldown_target_bed, target_band } = await stored();
        assert.deepEqual([cooldown_target_bed, target_band], [40, 2]);
    });

    it("show the topic and try the broker as they are typed", async () => {
        await openSettings(mine, "mqtt");
        await field("mqtt_enabled").check();
        await field("mqtt_base_topic").fill("a/#");
        assert.match(
            await mine.locator("#temp_eta_mqtt_base_topic_complaint").textContent(),
            /without \+ and #/,
        );
        await field("mqtt_base_topic").fill("workshop");
        await field("mqtt_use_appearance_name").uncheck();
        await field("mqtt_custom_identifier").fill("left one");
        await field("mqtt_custom_identifier").blur();
        assert.equal(
            await mine.locator("#temp_eta_topic_example").textContent(),
            "workshop/left_one/tool0/eta",
        );
        const verdict = mine.locator("#temp_eta_verdict");
        await mine.locator("#temp_eta_test_mqtt").click();
        assert.match(await verdict.textContent(), /Name a broker first/);
        const broker = createServer((socket) =>
            socket.once("data", () => socket.write(Buffer.from([0x20, 2, 0, 4]))),
        );
        await new Promise((resolve) => broker.listen(0, "127.0.0.1", resolve));
        await field("mqtt_broker_host").fill("127.0.0.1");
        await field("mqtt_broker_port").fill(String(broker.address().port));
        await mine.locator("#temp_eta_test_mqtt").click();
        await until("verdict", async () =>
            /refuses user name and password/.test(await verdict.textContent()),
        );
        await picture(mine, "settings-mqtt");
        broker.close();
        await close();
        assert.equal((await stored()).mqtt_broker_host, "", "nothing was saved");
    });

    it("have a password that is written only", async () => {
        const state = mine.locator("#temp_eta_mqtt_password_state");
        await post({ mqtt_enabled: true });
        await openSettings(mine, "mqtt");
        assert.equal(await state.textContent(), "is not set");
        await field("mqtt_password").fill("s3cret");
        await save();
        assert.equal(await configured("mqtt_password"), "s3cret");
        await openSettings(mine, "mqtt");
        assert.equal(await state.textContent(), "is set");
        assert.equal(await field("mqtt_password").inputValue(), "");
        // Touched and left empty, it stays.
        await field("mqtt_password").fill("x");
        await field("mqtt_password").fill("");
        await field("mqtt_username").fill("octo");
        await save();
        assert.equal(await configured("mqtt_username"), "octo");
        assert.equal(await configured("mqtt_password"), "s3cret");
        await openSettings(mine, "mqtt");
        await mine.locator("#temp_eta_mqtt_password_remove").check();
        await save();
        assert.equal(await configured("mqtt_password"), undefined);
    });

    it("measure what the plugin costs, for a bug report", async () => {
        await openSettings(mine, "diagnostics");
        const report = mine.locator("#temp_eta_report");
        await until("figures", async () =>
            /Per estimate: \d/.test(await report.inputValue()),
        );
        const text = await report.inputValue();
        for (const line of [
            /^Temperature ETA \d/,
            /Per message: [\d.]+ ms mean, [\d.]+ ms worst, of \d+/,
            /Per snapshot: [\d.]+ ms mean/,
            /Held: \d+ heaters, \d+ samples, \d+ points/,
            /Memory of the module: \d+ KiB/,
            /Skipped readings: time 0/,
            /Refused settings: /,
        ]) {
            assert.match(text, line);
        }
        await mine.locator("#temp_eta_copy").click();
        await mine.getByText("Copied.").waitFor();
        await picture(mine, "settings-diagnostics");
        const logged = [];
        mine.on("console", (message) => logged.push(message.text()));
        await field("debug_logging").check();
        await save();
        await until("log", () => logged.some((it) => /rows in [\d.]+ ms/.test(it)));
        const log = readFileSync(octoprint.logFile, "utf8");
        assert.ok(log.includes("DEBUG - Settings saved: debug_logging"));
        await post({ debug_logging: false });
        await sleep(1000);
        logged.length = 0;
        await sleep(3000);
        assert.deepEqual(logged, []);
    });

    it("get their defaults back, every one of them", async () => {
        await post(all((definition) => otherThan(definition)));
        const changed = await stored();
        for (const [key, definition] of Object.entries(definitions)) {
            if (definition.secret) assert.equal(changed.mqtt_password_set, true);
            else assert.notDeepEqual(changed[key], definition.default, key);
        }
        await openSettings(mine, "general");
        // What is typed and not saved goes as well.
        await field("enabled").check();
        await mine.locator("#temp_eta_restore").click();
        await mine
            .locator(".modal.in .btn-danger, .modal.in .btn-primary")
            .last()
            .click();
        // OctoPrint answers 500 to who asks while settings are being written.
        const answer = () => stored().catch(() => ({}));
        await until("defaults", async () => (await answer()).algorithm === "linear");
        const restored = await stored();
        for (const [key, definition] of Object.entries(definitions)) {
            const expected = definition.secret ? null : definition.default;
            assert.deepEqual(restored[key], expected, key);
        }
        assert.equal(restored.mqtt_password_set, false);
        await dialog().waitFor({ state: "hidden" });
        assert.match(await notice(), /All settings have their defaults again/);
        await openSettings(mine, "general");
        await until("form", () => field("enabled").isChecked());
        await close();
        await countdown(placements(mine, "bed").sidebar);
        await countdown(placements(other, "bed").sidebar);
    });

    it("left no complaint", () => {
        assert.deepEqual([mine.faults, other.faults], [[], []]);
    });
});
