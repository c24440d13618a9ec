// The status of the calculation on the server, and of MQTT, in the settings.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import "./octoprint.mjs";
import { resultText } from "../../static/js/broker.js";
import { Clipboard } from "../../static/js/clipboard.js";
import { ServerStatus } from "../../static/js/server_status.js";

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

describe("the status of the server", () => {
    let answer;
    let requests;
    let saved;
    let config;
    let server;
    let renewed;
    let notices;

    beforeEach(() => {
        mock.timers.enable({ apis: ["setInterval"] });
        answer = async () => ({ server: CONNECTED });
        requests = 0;
        saved = ON;
        renewed = async () => requests++;
        notices = [];
        config = Object.fromEntries(
            Object.entries(ON).map(([key, value]) => [key, ko.observable(value)]),
        );
        server = new ServerStatus(config, {
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
        answer = async () => ({ server: state });
        server.setPolling(false);
        server.setPolling(true);
        await settled();
    };

    it("is requested every two seconds, and only while it is visible", async () => {
        await server.poll();
        assert.equal(requests, 0);
        server.setPolling(true);
        server.setPolling(true);
        await settled();
        assert.equal(requests, 1);
        for (const _ of [1, 2, 3]) {
            mock.timers.tick(2000);
            await settled();
        }
        assert.equal(requests, 4);
        server.setPolling(false);
        mock.timers.tick(20_000);
        assert.equal(requests, 4);
        assert.deepEqual([server.text(), server.install()], ["", ""]);
    });

    it("is not requested again before the answer", async () => {
        let arrive;
        answer = () =>
            new Promise((resolve) => {
                arrive = resolve;
            });
        server.setPolling(true);
        mock.timers.tick(10_000);
        assert.equal(requests, 1);
        server.setPolling(false);
        arrive({ server: CONNECTED });
        await settled();
        assert.equal(server.text(), "", "not visible any more");
    });

    it("does not announce the number of messages", async () => {
        const announced = [];
        server.text.subscribe((text) => announced.push(text));
        await report(CONNECTED);
        assert.equal(server.sent(), "123 messages sent.");
        answer = async () => ({ server: { ...CONNECTED, sent: 1 } });
        mock.timers.tick(2000);
        await settled();
        assert.equal(server.sent(), "1 message sent.");
        assert.deepEqual(announced, ["Connected to broker:1883."]);
        assert.equal(server.runtime(), "WebAssembly runtime: wasmtime.");
        assert.deepEqual(
            [
                server.lacksRequirements(),
                server.noRuntime(),
                server.isTopicShared(),
                server.idConflict(),
            ],
            [false, false, false, ""],
        );
    });

    it("says why there is no connection, and whether the server retries", async () => {
        const again = /OctoPrint retries automatically\.$/;
        for (const state of ["credentials", "connection_refused", "lost", "new code"]) {
            await report({ ...CONNECTED, state });
            assert.match(server.text(), again, state);
            assert.match(server.icon(), /^fa-exclamation-triangle/);
            assert.equal(server.sent(), "");
        }
        await report({ ...CONNECTED, state: "no_client" });
        assert.equal(server.text(), resultText("no_client"));
        await report({ state: "connecting" });
        assert.equal(server.text(), "Connecting…");
        await report({ ...CONNECTED, state: "connecting" });
        assert.equal(server.text(), "Connecting to broker:1883…");
        await report({ ...CONNECTED, is_shared: true });
        assert.equal(server.isTopicShared(), true);
        assert.equal(server.isRefused(), false);
        await report({ ...CONNECTED, is_refused: true });
        assert.equal(server.isRefused(), true);
    });

    it("calls an id conflict possible until it is certain", async () => {
        await report({ ...CONNECTED, state: "taken", is_twin: false });
        assert.match(server.text(), /another client may have the same client ID/);
        assert.match(server.idConflict(), /^If OctoPrint was copied.* new ID\.$/);
        await report({ ...CONNECTED, state: "taken", is_twin: true });
        assert.match(server.text(), /another OctoPrint has the same client ID/);
        assert.match(
            server.idConflict(),
            /^Another OctoPrint, perhaps a copy, has the same client ID/,
        );
        await report({ ...CONNECTED, is_twin: true });
        assert.match(server.text(), /^Connected/);
        assert.match(
            server.idConflict(),
            /^Another OctoPrint, perhaps a copy, has the same client ID/,
        );
        await report({ ...CONNECTED, state: "lost", is_twin: false });
        assert.equal(server.idConflict(), "");
    });

    it("shows the server's error message while there is no connection", async () => {
        const detail = "[Errno 111] Connection refused";
        for (const state of ["connection_refused", "connecting", "taken", "new code"]) {
            await report({ ...CONNECTED, state, detail });
            assert.equal(server.detail(), detail, state);
            assert.ok(!server.text().includes(detail), "not part of the announced text");
        }
        for (const changes of [
            { state: "connected", detail },
            { state: "off", detail },
        ]) {
            await report({ ...CONNECTED, ...changes });
            assert.equal(server.detail(), "", changes.state);
        }
        await report({ state: "lost" });
        assert.equal(server.detail(), "");
    });

    it("has a text for each of the server's states", async () => {
        const folder = new URL("../../octoprint_temp_eta/mqtt/", import.meta.url);
        const source = ["connection.py", "client.py"]
            .map((file) => readFileSync(new URL(file, folder), "utf8"))
            .join("");
        const codes = [
            ...source.matchAll(
                /(?:State\(|_set_state\(|ended or |code = |ClientError\()"(\w+)"/g,
            ),
        ].map((match) => match[1]);
        for (const code of ["connecting", "lost", "taken", "closed", "too_much"]) {
            assert.ok(codes.includes(code), `${code} in ${codes}`);
        }
        await report({ ...CONNECTED, state: "new code" });
        const unknown = server.text();
        for (const state of codes) {
            await report({ ...CONNECTED, state });
            assert.notEqual(server.text(), unknown, state);
        }
    });

    it("distinguishes switched off from not saved yet", async () => {
        await report({ state: "off", installed: {}, missing: [], install: "" });
        assert.equal(server.text(), "Not publishing yet.");
        saved = { ...ON, mqtt_enabled: false };
        config.mqtt_enabled(false);
        assert.equal(server.text(), "OctoPrint calculates nothing itself.");
        config.mqtt_enabled(true);
        assert.match(server.text(), /^Not publishing yet\. Save/);
        config.mqtt_broker_host("");
        assert.match(server.text(), /Enter a broker first\.$/);
        assert.deepEqual([server.runtime(), server.noRuntime()], ["", false]);
    });

    it("tells what is on without MQTT, and what to install for that", async () => {
        saved = { enabled: true, mqtt_enabled: false };
        config.mqtt_enabled(false);
        config.rest_enabled = ko.observable(false);
        const commands = { install: "all", install_runtime: "runtime" };
        await report({ state: "off", outlets: [], ...commands });
        assert.equal(server.text(), "OctoPrint calculates nothing itself.");
        config.rest_enabled(true);
        await report({ state: "off", outlets: [], ...commands });
        assert.match(server.text(), /nothing itself\. Save the settings to start\.$/);
        assert.equal(server.install(), "runtime");
        await report({ state: "off", outlets: ["rest"], engine: "wasm3", ...commands });
        assert.equal(server.text(), "OctoPrint calculates the ETAs itself.");
        assert.equal(server.runtime(), "WebAssembly runtime: wasm3.");
        config.mqtt_enabled(true);
        assert.equal(server.install(), "all");
    });

    it("says why no runtime works, and what to install", async () => {
        const install = "/python -m pip install 'wasmtime>=45'";
        const engine_problems = {
            wasmtime: "ImportError: gone",
            "wasmtime-pulley": "ImportError: gone",
        };
        await report({ ...CONNECTED, engine: "", engine_problems, install });
        assert.deepEqual([server.runtime(), server.noRuntime()], ["", true]);
        assert.equal(
            server.problems(),
            "wasmtime: ImportError: gone\nwasmtime (Pulley): ImportError: gone",
        );
        assert.deepEqual([server.install(), server.lacksRequirements()], [install, true]);
        await report({ ...CONNECTED, engine: "", engine_problems });
        assert.deepEqual([server.install(), server.lacksRequirements()], ["", true]);
        await report({ ...CONNECTED, engine: undefined, install });
        assert.deepEqual([server.noRuntime(), server.lacksRequirements()], [false, true]);
    });

    it("says that OctoPrint does not answer, until it does", async () => {
        answer = () => Promise.reject(new Error("502"));
        server.setPolling(true);
        await settled();
        assert.equal(server.text(), "OctoPrint is not responding.");
        answer = async () => ({ server: CONNECTED });
        mock.timers.tick(2000);
        await settled();
        assert.equal(server.text(), "Connected to broker:1883.");
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
        server.renewId();
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
