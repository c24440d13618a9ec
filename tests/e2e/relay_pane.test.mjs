// What the settings say of the relay, with a real broker; each state leaves a picture.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBroker } from "../../scripts/octoprint/broker.mjs";
import { freePort } from "../../scripts/octoprint/port.mjs";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { darken } from "../../scripts/screenshots/themes.mjs";
import { impersonate, publish } from "./broker.mjs";
import { openBrowser, openPage, openSettings, showPane, until } from "./browser.mjs";
import { assertAccessible, assertNothingCut, picture } from "./looks.mjs";

const folder = join(cache, "e2e-relay-pane-broker");
const state = (page) => page.locator("#temp_eta_relay_state");
const says = (page, words, timeoutMs) =>
    until(
        String(words),
        async () => words.test((await state(page).textContent()) ?? ""),
        timeoutMs,
    );
const looked = async (page, name) => {
    await picture(page, `relay-${name}`);
    await assertAccessible(page);
    await assertNothingCut(page);
};
/** In the other language and on a dark theme, in pages of their own. */
const alsoLooked = async (browser, url, name, selector) => {
    for (const [kind, address] of [
        ["german", `${url}?l10n=de`],
        ["dark", url],
    ]) {
        const page = await openPage(browser, address);
        if (kind === "dark") await darken(page);
        await openSettings(page, "mqtt");
        await page.locator(selector).waitFor();
        await sleep(500);
        await looked(page, `${name}-${kind}`);
        assert.deepEqual(page.faults, []);
        await page.close();
    }
};

describe("the relay's pane", () => {
    let octoprint;
    let browser;
    let broker;
    let page;
    let port;

    before(async () => {
        octoprint = await startOctoPrint({ basedir: join(cache, "e2e-relay-pane") });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
        port = await freePort();
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
        await broker?.stop();
    });

    afterEach(() => assert.deepEqual(page.faults, []));

    const save = (changes) =>
        octoprint.api("settings", { plugins: { temp_eta: changes } });
    /** Somebody else saves; OctoPrint then asks whoever has the dialog open. */
    const saveElsewhere = async (changes) => {
        await save(changes);
        const asked = page.locator("#settings_dialog_update_detected");
        await asked.waitFor();
        await sleep(500);
        await asked.locator(".reload_all").click();
        await asked.waitFor({ state: "hidden" });
    };
    const id = () => {
        const file = join(octoprint.basedir, "data", "temp_eta", "mqtt.json");
        return JSON.parse(readFileSync(file, "utf8")).id;
    };
    /** Somebody else says how its relay is, where ours does. */
    const tell = async (status) => {
        const example = await page.locator("#temp_eta_topic_example").textContent();
        const topic = example.replace(/tool0\/eta$/, "status");
        await publish(port, topic, JSON.stringify(status));
    };
    const twin = () => page.locator("#temp_eta_taken");
    const renew = async (name, meanwhile) => {
        await page.locator("#temp_eta_renew").click();
        const dialog = page.locator(".modal.in", { hasText: "history begins anew" });
        await dialog.waitFor();
        await sleep(500);
        await looked(page, `${name}-asked`);
        await meanwhile?.();
        await dialog.getByText("New id", { exact: true }).click();
        await dialog.waitFor({ state: "hidden" });
    };
    const field = (key) => page.locator(`#temp_eta_${key}`);

    it("says that nothing is published, and asks only while it is seen", async () => {
        let asked = 0;
        page.on("request", (request) => {
            if (request.url().includes("api/plugin/temp_eta")) asked++;
        });
        await openSettings(page, "mqtt");
        await says(page, /^Nothing is published\.$/);
        await looked(page, "off");
        await showPane(page, "look");
        await sleep(500);
        asked = 0;
        await sleep(3000);
        assert.equal(asked, 0);
        await showPane(page, "mqtt");
        await field("mqtt_enabled").check();
        await says(page, /Name a broker first/);
        await field("mqtt_broker_host").fill("127.0.0.1");
        await field("mqtt_broker_host").blur();
        await says(page, /Save the settings to begin/);
        assert.ok(asked >= 1);
        await field("mqtt_use_tls").check();
        assert.equal(await page.locator("#temp_eta_insecure").count(), 0);
        await field("mqtt_tls_insecure").check();
        await page.locator("#temp_eta_insecure").waitFor();
        await looked(page, "not-saved");
        await field("mqtt_use_tls").uncheck();
        await field("mqtt_broker_port").fill(String(port));
        await page.locator("[data-test-id=settings-save]").click();
        await page.locator("#settings_dialog").waitFor({ state: "hidden" });
    });

    it("says what keeps it from the broker", async () => {
        await openSettings(page, "mqtt");
        await says(page, /^Nothing listens there.* OctoPrint tries again by itself\.$/);
        await looked(page, "nobody-there");
        broker = await startBroker({ folder, port, anonymous: false });
        await says(page, /^The broker .*user name and password/, 60_000);
        await looked(page, "wrong-password");
        await broker.stop();
    });

    it("says that it is connected, and counts what it has sent", async () => {
        broker = await startBroker({ folder, port });
        // Whoever was refused waits for a minute; a change does not.
        await save({ mqtt_username: "somebody" });
        await says(page, /^Connected to 127\.0\.0\.1:\d+\.$/);
        const sent = page.locator("#temp_eta_relay_sent");
        await until("messages", async () => /[1-9]/.test(await sent.textContent()));
        assert.match(
            await page.locator("#temp_eta_relay_engine").textContent(),
            /The times are calculated by \w+/,
        );
        assert.equal(await page.locator("#temp_eta_missing:visible").count(), 0);
        await looked(page, "connected");
        await alsoLooked(browser, octoprint.url, "connected", "#temp_eta_relay_sent");
        await showPane(page, "diagnostics");
        const report = () => page.locator("#temp_eta_report").inputValue();
        await until("report", async () =>
            /^Relay: connected, engine \w.*paho-mqtt \d/m.test(await report()),
        );
        assert.ok(!(await report()).includes(`:${port}`));
        await showPane(page, "mqtt");
    });

    it("suspects that its id is taken, and takes another one", async () => {
        const before = id();
        const leave = impersonate(port, `temp_eta_${before}`);
        try {
            await says(page, /perhaps something else has the same id/, 60_000);
            assert.match(await twin().textContent(), /Was OctoPrint copied/);
            await looked(page, "taken");
            await alsoLooked(browser, octoprint.url, "taken", "#temp_eta_taken");
            await renew("taken");
            await says(page, /^Connected/);
            assert.notEqual(id(), before);
            assert.equal(await twin().count(), 0);
        } finally {
            leave();
        }
    });

    it("knows that its id is taken once it has heard the other one", async () => {
        const before = id();
        await tell({ id: before, instance: "other" });
        await twin().waitFor();
        assert.match(await twin().textContent(), /Another OctoPrint has the same id/);
        await says(page, /^Connected/);
        await looked(page, "twin");
        await alsoLooked(browser, octoprint.url, "twin", "#temp_eta_taken");
        await renew("twin");
        await twin().waitFor({ state: "detached" });
        await says(page, /^Connected/);
        assert.notEqual(id(), before);
    });

    it("says that the topic is another printer's, too", async () => {
        await tell({ id: "somebody else", instance: "theirs" });
        const shared = page.locator("#temp_eta_shared");
        await shared.waitFor();
        await looked(page, "shared");
        await saveElsewhere({ mqtt_base_topic: "octoprint/elsewhere" });
        await page.getByText("octoprint/elsewhere/tool0/eta").waitFor();
        await shared.waitFor({ state: "detached" });
        await says(page, /^Connected/);
    });

    it("gives no new id when it is off by then", async () => {
        const before = id();
        await tell({ id: before, instance: "other" });
        await twin().waitFor();
        await renew("twin", () => saveElsewhere({ mqtt_enabled: false }));
        const notice = page.locator(".ui-pnotify", { hasText: "The id stays as it is" });
        await notice.waitFor();
        assert.match(await notice.textContent(), /Publishing is switched off/);
        await says(page, /^Nothing is published/);
        await sleep(500);
        await looked(page, "id-stays");
        assert.equal(id(), before);
        // The browser tells of every answer that is an error.
        assert.match(page.faults.splice(0).join(), /^console: .*409[^,]*$/);
    });
});

describe("the relay's pane without what the relay needs", () => {
    let octoprint;
    let browser;
    let page;

    before(async () => {
        // A plugin that keeps Python from finding it.
        const folder = join(cache, "e2e-relay-plugins", "nothing_there");
        mkdirSync(folder, { recursive: true });
        writeFileSync(
            join(folder, "__init__.py"),
            'import sys\nsys.modules.update(dict.fromkeys(("paho", "wasmtime", "wasm3")))\n' +
                '__plugin_name__ = "Nothing there"\n' +
                '__plugin_pythoncompat__ = ">=3.9,<4"\n',
        );
        const temp_eta = { mqtt_enabled: true, mqtt_broker_host: "127.0.0.1" };
        octoprint = await startOctoPrint({
            basedir: join(cache, "e2e-relay-missing"),
            plugins: [folder],
            config: { plugins: { temp_eta } },
        });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    it("says why, and the line that helps", async () => {
        await openSettings(page, "mqtt");
        await says(page, /paho-mqtt is missing/);
        const line = page.locator("#temp_eta_install");
        assert.match(await line.inputValue(), /-m pip install .*paho-mqtt.*wasmtime/);
        const box = page.locator("#temp_eta_missing");
        await box.locator("summary").click();
        assert.match(
            await box.textContent(),
            /Nothing here can calculate.*wasm3: \w+Error.*are missing or do not work/s,
        );
        assert.equal(await page.locator("#temp_eta_pane_mqtt .alert:visible").count(), 1);
        await looked(page, "missing");
        await page.locator("#temp_eta_copy_install").click();
        await page.getByText("Copied.").waitFor();
        await alsoLooked(browser, octoprint.url, "missing", "#temp_eta_missing");
        // Nobody who does without MQTT is told to install something.
        await page.locator("#temp_eta_mqtt_enabled").uncheck();
        assert.ok(await page.locator("#temp_eta_missing").isHidden());
        assert.deepEqual(page.faults, []);
    });
});
