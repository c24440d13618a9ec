// The status of MQTT publishing in the settings.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import "./octoprint.mjs";
import { resultText } from "../../static/js/broker.js";
import { Clipboard } from "../../static/js/clipboard.js";
import { MqttStatus } from "../../static/js/mqtt.js";

const CONNECTED = {
    state: "connected",
    broker: "broker:1883",
    sent: 123,
    is_shared: false,
    engine: "wasmtime",
    engine_problems: {},
    installed: { "paho-mqtt": "2.1.0", wasmtime: "50.0.1" },
    missing: [],
    install: "",
};
const ON = { enabled: true, mqtt_enabled: true, mqtt_broker_host: "broker" };

describe("the MQTT status", () => {
    let answer;
    let requests;
    let saved;
    let config;
    let mqtt;
    let renewed;
    let notices;

    beforeEach(() => {
        mock.timers.enable({ apis: ["setInterval"] });
        answer = async () => ({ relay: CONNECTED });
        requests = 0;
        saved = ON;
        renewed = async () => requests++;
        notices = [];
        config = Object.fromEntries(
            Object.entries(ON).map(([key, value]) => [key, ko.observable(value)]),
        );
        mqtt = new MqttStatus(config, {
            status: () => {
                requests++;
                return answer();
            },
            saved: () => saved,
            resultText,
            renewId: () => renewed(),
            notify: (title, lines) => notices.push([title, ...lines].join(": ")),
            clipboard: new Clipboard(),
        });
    });

    afterEach(() => mock.timers.reset());

    /** Resolves when all answers have been handled. */
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const report = async (state) => {
        answer = async () => ({ relay: state });
        mqtt.setPolling(false);
        mqtt.setPolling(true);
        await settled();
    };

    it("is requested every two seconds, and only while it is visible", async () => {
        await mqtt.poll();
        assert.equal(requests, 0);
        mqtt.setPolling(true);
        mqtt.setPolling(true);
        await settled();
        assert.equal(requests, 1);
        for (const _ of [1, 2, 3]) {
            mock.timers.tick(2000);
            await settled();
        }
        assert.equal(requests, 4);
        mqtt.setPolling(false);
        mock.timers.tick(20_000);
        assert.equal(requests, 4);
        assert.deepEqual([mqtt.text(), mqtt.install()], ["", ""]);
    });

    it("is not requested again before the answer", async () => {
        let arrive;
        answer = () =>
            new Promise((resolve) => {
                arrive = resolve;
            });
        mqtt.setPolling(true);
        mock.timers.tick(10_000);
        assert.equal(requests, 1);
        mqtt.setPolling(false);
        arrive({ relay: CONNECTED });
        await settled();
        assert.equal(mqtt.text(), "", "not visible any more");
    });

    it("does not announce the number of messages", async () => {
        const announced = [];
        mqtt.text.subscribe((text) => announced.push(text));
        await report(CONNECTED);
        assert.equal(mqtt.sent(), "123 messages sent.");
        answer = async () => ({ relay: { ...CONNECTED, sent: 1 } });
        mock.timers.tick(2000);
        await settled();
        assert.equal(mqtt.sent(), "1 message sent.");
        assert.deepEqual(announced, ["Connected to broker:1883."]);
        assert.equal(mqtt.runtime(), "WebAssembly runtime: wasmtime.");
        assert.deepEqual(
            [
                mqtt.lacksRequirements(),
                mqtt.noRuntime(),
                mqtt.isTopicShared(),
                mqtt.idConflict(),
            ],
            [false, false, false, ""],
        );
    });

    it("says why there is no connection, and whether the server retries", async () => {
        const again = /OctoPrint retries automatically\.$/;
        for (const state of ["credentials", "connection_refused", "lost", "new code"]) {
            await report({ ...CONNECTED, state });
            assert.match(mqtt.text(), again, state);
            assert.match(mqtt.icon(), /^fa-exclamation-triangle/);
            assert.equal(mqtt.sent(), "");
        }
        await report({ ...CONNECTED, state: "no_client" });
        assert.equal(mqtt.text(), resultText("no_client"));
        await report({ state: "connecting" });
        assert.equal(mqtt.text(), "Connecting…");
        await report({ ...CONNECTED, state: "connecting" });
        assert.equal(mqtt.text(), "Connecting to broker:1883…");
        await report({ ...CONNECTED, is_shared: true });
        assert.equal(mqtt.isTopicShared(), true);
    });

    it("calls an id conflict possible until it is certain", async () => {
        await report({ ...CONNECTED, state: "taken", is_twin: false });
        assert.match(mqtt.text(), /another client may have the same client ID/);
        assert.match(mqtt.idConflict(), /^If OctoPrint was copied.* new ID\.$/);
        await report({ ...CONNECTED, state: "taken", is_twin: true });
        assert.match(mqtt.text(), /another OctoPrint has the same client ID/);
        assert.match(
            mqtt.idConflict(),
            /^Another OctoPrint, perhaps a copy, has the same client ID/,
        );
        await report({ ...CONNECTED, is_twin: true });
        assert.match(mqtt.text(), /^Connected/);
        assert.match(
            mqtt.idConflict(),
            /^Another OctoPrint, perhaps a copy, has the same client ID/,
        );
        await report({ ...CONNECTED, state: "lost", is_twin: false });
        assert.equal(mqtt.idConflict(), "");
    });

    it("shows the server's error message while there is no connection", async () => {
        const detail = "[Errno 111] Connection refused";
        for (const state of ["connection_refused", "connecting", "taken", "new code"]) {
            await report({ ...CONNECTED, state, detail });
            assert.equal(mqtt.detail(), detail, state);
            assert.ok(!mqtt.text().includes(detail), "not part of the announced text");
        }
        for (const changes of [
            { state: "connected", detail },
            { state: "off", detail },
        ]) {
            await report({ ...CONNECTED, ...changes });
            assert.equal(mqtt.detail(), "", changes.state);
        }
        await report({ state: "lost" });
        assert.equal(mqtt.detail(), "");
    });

    it("has a text for each of the server's states", async () => {
        const folder = new URL("../../octoprint_temp_eta/mqtt/", import.meta.url);
        const source = readFileSync(new URL("connection.py", folder), "utf8");
        const codes = [
            ...source.matchAll(
                /State\("(\w+)"|_set_state\("(\w+)"|return "(\w+)"|code = "(\w+)"/g,
            ),
        ].map((match) => match.slice(1).find(Boolean));
        assert.ok(codes.length >= 5, String(codes));
        await report({ ...CONNECTED, state: "new code" });
        const unknown = mqtt.text();
        for (const state of codes) {
            await report({ ...CONNECTED, state });
            assert.notEqual(mqtt.text(), unknown, state);
        }
    });

    it("distinguishes switched off from not saved yet", async () => {
        await report({ state: "off", installed: {}, missing: [], install: "" });
        assert.equal(mqtt.text(), "Not publishing yet.");
        saved = { ...ON, mqtt_enabled: false };
        config.mqtt_enabled(false);
        assert.equal(mqtt.text(), "Not publishing.");
        config.mqtt_enabled(true);
        assert.match(mqtt.text(), /^Not publishing yet\. Save/);
        config.mqtt_broker_host("");
        assert.match(mqtt.text(), /Enter a broker first\.$/);
        assert.deepEqual([mqtt.runtime(), mqtt.noRuntime()], ["", false]);
    });

    it("says why no runtime works, and what to install", async () => {
        const install = "/python -m pip install 'wasmtime>=45'";
        const engine_problems = {
            wasmtime: "ImportError: gone",
            "wasmtime-pulley": "ImportError: gone",
        };
        await report({ ...CONNECTED, engine: "", engine_problems, install });
        assert.deepEqual([mqtt.runtime(), mqtt.noRuntime()], ["", true]);
        assert.equal(
            mqtt.problems(),
            "wasmtime: ImportError: gone\nwasmtime (Pulley): ImportError: gone",
        );
        assert.deepEqual([mqtt.install(), mqtt.lacksRequirements()], [install, true]);
        await report({ ...CONNECTED, engine: "", engine_problems });
        assert.deepEqual([mqtt.install(), mqtt.lacksRequirements()], ["", true]);
        await report({ ...CONNECTED, engine: undefined, install });
        assert.deepEqual([mqtt.noRuntime(), mqtt.lacksRequirements()], [false, true]);
    });

    it("says that OctoPrint does not answer, until it does", async () => {
        answer = () => Promise.reject(new Error("502"));
        mqtt.setPolling(true);
        await settled();
        assert.equal(mqtt.text(), "OctoPrint is not responding.");
        answer = async () => ({ relay: CONNECTED });
        mock.timers.tick(2000);
        await settled();
        assert.equal(mqtt.text(), "Connected to broker:1883.");
    });

    it("asks before it renews the id", async () => {
        let proceed;
        globalThis.showConfirmationDialog = ({ onproceed }) => {
            proceed = onproceed;
            // OctoPrint's own check; it fails for async functions.
            assert.equal(Object.prototype.toString.call(proceed), "[object Function]");
        };
        await report({ ...CONNECTED, state: "taken" });
        requests = 0;
        mqtt.renewId();
        assert.equal(requests, 0);
        await proceed();
        assert.equal(requests, 2, "renewed, and requested the new status");
        assert.deepEqual(notices, []);

        renewed = () => Promise.reject({ status: 409 });
        await proceed();
        renewed = () => Promise.reject({ status: 0 });
        await proceed();
        assert.deepEqual(notices, [
            "The ID was not changed: Publishing is disabled.",
            "The ID was not changed: OctoPrint is not responding.",
        ]);
        assert.equal(requests, 4, "and the new status after each");
    });
});

describe("the clipboard", () => {
    it("gets a field's text", () => {
        const done = [];
        globalThis.document = {
            execCommand: (name) => done.push(name) > 0,
        };
        const clipboard = new Clipboard();
        clipboard.copy({ select: () => done.push("select") });
        assert.deepEqual(done, ["select", "copy"]);
        assert.equal(clipboard.copied(), true);
        delete globalThis.document;
    });
});
