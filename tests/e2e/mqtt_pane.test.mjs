// MQTT in the pane "Without a browser", with a real broker; each state leaves a picture.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/octoprint/port.mjs";
import { darken } from "../../scripts/screenshots/themes.mjs";
import { impersonate, publish, startBroker } from "./broker.mjs";
import { closeSettings, openSettings, showPane } from "./browser.mjs";
import { expect, isWhole, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { octoprintFolder, startOctoPrint } from "./octoprint.mjs";
import { assertLooksRight, still } from "./visual_checks.mjs";

// Only its timers are set forward.
test.use({ pageOptions: { prepare: (page) => page.clock.install() } });

/** A plugin that hides the packages for MQTT from Python. */
const nothingThere = fileURLToPath(new URL("../nothing_there", import.meta.url));

const says = (page, words) =>
    expect(page.locator("#temp_eta_server_state")).toHaveText(words);
const looked = (page, name) => assertLooksRight(page, `mqtt-${name}`);
/** In a whole run also in the other language and on a dark theme, in pages of their own. */
const alsoLooked = async (open, page, name, selector) => {
    if (!isWhole) return;
    for (const [kind, path] of [
        ["german", "?l10n=de"],
        ["dark", ""],
    ]) {
        const another = await open({ of: page.octoprint, path });
        if (kind === "dark") await darken(another);
        await openSettings(another, "server");
        await another.locator(selector).waitFor();
        await looked(another, `${name}-${kind}`);
        await another.close();
    }
};

test.describe("the MQTT pane", () => {
    test.describe.configure({ mode: "serial" });

    let octoprint;
    let page;
    let broker;
    let port;

    test.beforeAll(async () => {
        port = await freePort();
    });

    test.beforeEach(({ octoprint: ours, page: its }) => {
        [octoprint, page] = [ours, its];
    });

    test.afterAll(() => broker?.stop());

    /** Somebody else saves; OctoPrint then asks whoever has the dialog open. */
    const saveElsewhere = async (changes) => {
        await octoprint.configure(changes);
        const asked = page.locator("#settings_dialog_update_detected");
        await asked.waitFor();
        await still(page);
        await asked.locator(".reload_all").click();
        await asked.waitFor({ state: "hidden" });
    };
    const id = () => {
        const file = join(octoprint.basedir, "data", "temp_eta", "mqtt.json");
        return JSON.parse(readFileSync(file, "utf8")).id;
    };
    /** Another OctoPrint publishes its status to our topic. */
    const tell = async (status) => {
        const example = await page.locator("#temp_eta_topic_example").textContent();
        const topic = example.replace(/tool0\/eta$/, "status");
        await publish(port, topic, JSON.stringify(status));
    };
    const idConflict = () => page.locator("#temp_eta_id_conflict");
    const renew = async (name, meanwhile) => {
        await page.locator("#temp_eta_renew_id").click();
        const dialog = page.locator(".modal.in", { hasText: "without history" });
        await dialog.waitFor();
        await looked(page, `${name}-asked`);
        await meanwhile?.();
        await dialog.getByText("New ID", { exact: true }).click();
        await dialog.waitFor({ state: "hidden" });
    };
    const field = (key) => page.locator(`#temp_eta_${key}`);

    test("says that nothing is published, and asks only while it is seen", async () => {
        let asked = 0;
        page.on("request", (request) => {
            if (request.url().includes("api/plugin/temp_eta")) asked++;
        });
        await openSettings(page, "server");
        await says(page, "OctoPrint calculates nothing itself.");
        await looked(page, "off");
        await showPane(page, "appearance");
        const askedLater = async () => {
            asked = 0;
            await page.clock.fastForward(60_000);
            // What was asked before this is known after it.
            await page.evaluate(() => fetch("api/version"));
            return asked;
        };
        await expect.poll(askedLater, { message: "asked unseen" }).toBe(0);
        await showPane(page, "server");
        await field("mqtt_enabled").check();
        await says(page, /Enter a broker first/);
        await field("mqtt_broker_host").fill("127.0.0.1");
        await field("mqtt_broker_host").blur();
        await says(page, /Save the settings to start/);
        expect(asked).toBeGreaterThanOrEqual(1);
        await field("mqtt_use_tls").check();
        await expect(page.locator("#temp_eta_insecure")).toHaveCount(0);
        await field("mqtt_tls_insecure").check();
        await page.locator("#temp_eta_insecure").waitFor();
        await looked(page, "not-saved");
        await field("mqtt_use_tls").uncheck();
        await field("mqtt_broker_port").fill(String(port));
        await closeSettings(page, "settings-save");
    });

    test("says what keeps it from the broker", async () => {
        await openSettings(page, "server");
        await says(page, /^Connection refused.* OctoPrint retries automatically\.$/);
        await looked(page, "nobody-there");
        broker = await startBroker({ port, anonymous: false });
        await says(page, /^Access denied by the broker.*username and password/);
        await looked(page, "wrong-password");
        await broker.stop();
    });

    test("says that it is connected, and counts what it has sent", async ({ open }) => {
        broker = await startBroker({ port });
        // Whoever was refused waits for a minute; a change does not.
        await octoprint.configure({ mqtt_username: "somebody" });
        await says(page, /^Connected to 127\.0\.0\.1:\d+\.$/);
        await expect(page.locator("#temp_eta_server_sent")).toHaveText(/[1-9]/);
        await expect(page.locator("#temp_eta_server_runtime")).toHaveText(
            /WebAssembly runtime: \w+/,
        );
        await expect(page.locator("#temp_eta_requirements:visible")).toHaveCount(0);
        await looked(page, "connected");
        await alsoLooked(open, page, "connected", "#temp_eta_server_sent");
        await showPane(page, "diagnostics");
        const report = page.locator("#temp_eta_report");
        await expect(report).toHaveValue(
            /^Outlets: mqtt, MQTT connected, runtime \w.*paho-mqtt \d/m,
        );
        expect(await report.inputValue()).not.toContain(`:${port}`);
        await showPane(page, "server");
    });

    test(
        "suspects that its id is taken, and takes another one",
        ONLY_IN_ALL,
        async ({ open }) => {
            const before = id();
            const leave = impersonate(port, `temp_eta_${before}`);
            try {
                await says(page, /another client may have the same client ID/);
                await expect(idConflict()).toHaveText(/If OctoPrint was copied/);
                await looked(page, "taken");
                await alsoLooked(open, page, "taken", "#temp_eta_id_conflict");
                await renew("taken");
                await says(page, /^Connected/);
                expect(id()).not.toBe(before);
                await expect(idConflict()).toHaveCount(0);
            } finally {
                await leave();
            }
        },
    );

    test("knows that its id is taken once it has heard the other one", async ({
        open,
    }) => {
        const before = id();
        await tell({ id: before, instance: "other" });
        await expect(idConflict()).toHaveText(/perhaps a copy, has the same client ID/);
        await says(page, /^Connected/);
        await looked(page, "id-conflict");
        await alsoLooked(open, page, "id-conflict", "#temp_eta_id_conflict");
        await renew("id-conflict");
        await idConflict().waitFor({ state: "detached" });
        await says(page, /^Connected/);
        expect(id()).not.toBe(before);
    });

    test("says that the topic is another printer's, too", async () => {
        await tell({ id: "somebody else", instance: "theirs" });
        const shared = page.locator("#temp_eta_topic_shared");
        await shared.waitFor();
        await looked(page, "shared");
        await saveElsewhere({ mqtt_base_topic: "octoprint/elsewhere" });
        await page.getByText("octoprint/elsewhere/tool0/eta").waitFor();
        await shared.waitFor({ state: "detached" });
        await says(page, /^Connected/);
    });

    test("gives no new id when it is off by then", async () => {
        const before = id();
        await tell({ id: before, instance: "other" });
        await idConflict().waitFor();
        await renew("id-conflict", () => saveElsewhere({ mqtt_enabled: false }));
        const notice = page.locator(".ui-pnotify", { hasText: "The ID was not changed" });
        await expect(notice).toHaveText(/Publishing is disabled/);
        await says(page, "OctoPrint calculates nothing itself.");
        await looked(page, "id-stays");
        expect(id()).toBe(before);
        // The browser tells of every answer that is an error.
        expect(page.faults.splice(0).join()).toMatch(/^console: .*409[^,]*$/);
    });
});

test.describe("the MQTT pane without the required packages", () => {
    let octoprint;

    test.beforeAll(async () => {
        octoprint = await startOctoPrint({
            basedir: octoprintFolder("missing"),
            plugins: [nothingThere],
            settings: { mqtt_enabled: true, mqtt_broker_host: "127.0.0.1" },
        });
    });

    test.afterAll(() => octoprint?.stop());

    test("says why, and the line that helps", async ({ open }) => {
        const page = await open({ of: octoprint });
        await openSettings(page, "server");
        await says(page, /paho-mqtt is missing/);
        const line = page.locator("#temp_eta_install");
        await expect(line).toHaveValue(/-m pip install .*paho-mqtt.*wasmtime/);
        const box = page.locator("#temp_eta_requirements");
        await box.locator("summary").click();
        await expect(box).toHaveText(
            /No WebAssembly runtime works.*wasm3: \w+Error.*are missing or broken/s,
        );
        await expect(page.locator("#temp_eta_pane_server .alert:visible")).toHaveCount(1);
        await looked(page, "missing");
        await page.locator("#temp_eta_copy_install").click();
        await page.getByText("Copied.").waitFor();
        await alsoLooked(open, page, "missing", "#temp_eta_requirements");
        // Nobody who does without MQTT is told to install something.
        await page.locator("#temp_eta_mqtt_enabled").uncheck();
        await expect(page.locator("#temp_eta_requirements")).toBeHidden();
        // REST needs a runtime only.
        await page.locator("#temp_eta_rest_enabled").check();
        await expect(line).toHaveValue(/-m pip install (?!.*paho).*wasmtime/);
    });
});
