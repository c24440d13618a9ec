// What the settings say of the server's relay.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import "./octoprint.mjs";
import { verdict } from "../../static/js/broker.js";
import { Clipboard } from "../../static/js/clipboard.js";
import { Relay } from "../../static/js/relay.js";

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

describe("the relay", () => {
    let answer;
    let asked;
    let saved;
    let config;
    let relay;
    let renewed;
    let notices;

    beforeEach(() => {
        mock.timers.enable({ apis: ["setInterval"] });
        answer = async () => ({ relay: CONNECTED });
        asked = 0;
        saved = ON;
        renewed = async () => asked++;
        notices = [];
        config = Object.fromEntries(
            Object.entries(ON).map(([key, value]) => [key, ko.observable(value)]),
        );
        relay = new Relay(config, {
            status: () => {
                asked++;
                return answer();
            },
            saved: () => saved,
            verdict,
            renewId: () => renewed(),
            notify: (title, lines) => notices.push([title, ...lines].join(": ")),
            clipboard: new Clipboard(),
        });
    });

    afterEach(() => mock.timers.reset());

    /** Until all that has been answered has arrived. */
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const tell = async (told) => {
        answer = async () => ({ relay: told });
        relay.watch(false);
        relay.watch(true);
        await settled();
    };

    it("is asked every two seconds, and only while it is looked at", async () => {
        await relay.ask();
        assert.equal(asked, 0);
        relay.watch(true);
        relay.watch(true);
        await settled();
        assert.equal(asked, 1);
        for (const _ of [1, 2, 3]) {
            mock.timers.tick(2000);
            await settled();
        }
        assert.equal(asked, 4);
        relay.watch(false);
        mock.timers.tick(20_000);
        assert.equal(asked, 4);
        assert.deepEqual([relay.text(), relay.install()], ["", ""]);
    });

    it("is not asked again before it has answered", async () => {
        let arrive;
        answer = () =>
            new Promise((resolve) => {
                arrive = resolve;
            });
        relay.watch(true);
        mock.timers.tick(10_000);
        assert.equal(asked, 1);
        relay.watch(false);
        arrive({ relay: CONNECTED });
        await settled();
        assert.equal(relay.text(), "", "nobody looks any more");
    });

    it("counts messages apart from what is announced", async () => {
        const announced = [];
        relay.text.subscribe((text) => announced.push(text));
        await tell(CONNECTED);
        assert.equal(relay.sent(), "123 messages sent.");
        answer = async () => ({ relay: { ...CONNECTED, sent: 1 } });
        mock.timers.tick(2000);
        await settled();
        assert.equal(relay.sent(), "1 message sent.");
        assert.deepEqual(announced, ["Connected to broker:1883."]);
        assert.equal(relay.engine(), "WebAssembly runtime: wasmtime.");
        assert.deepEqual(
            [relay.lacks(), relay.lacksEngine(), relay.isShared(), relay.twin()],
            [false, false, false, ""],
        );
    });

    it("says what keeps it from the broker, and whether it goes on trying", async () => {
        const again = /OctoPrint retries automatically\.$/;
        for (const state of ["credentials", "connection_refused", "lost", "new code"]) {
            await tell({ ...CONNECTED, state });
            assert.match(relay.text(), again, state);
            assert.match(relay.icon(), /^fa-exclamation-triangle/);
            assert.equal(relay.sent(), "");
        }
        await tell({ ...CONNECTED, state: "no_client" });
        assert.equal(relay.text(), verdict("no_client"));
        await tell({ state: "connecting" });
        assert.equal(relay.text(), "Connecting…");
        await tell({ ...CONNECTED, state: "connecting" });
        assert.equal(relay.text(), "Connecting to broker:1883…");
        await tell({ ...CONNECTED, is_shared: true });
        assert.equal(relay.isShared(), true);
    });

    it("suspects another one of the same id until it is certain", async () => {
        await tell({ ...CONNECTED, state: "taken", is_twin: false });
        assert.match(relay.text(), /another client may have the same client ID/);
        assert.match(relay.twin(), /^If OctoPrint was copied.* new ID\.$/);
        await tell({ ...CONNECTED, state: "taken", is_twin: true });
        assert.match(relay.text(), /another OctoPrint has the same client ID/);
        assert.match(relay.twin(), /^Another OctoPrint has the same client ID/);
        await tell({ ...CONNECTED, is_twin: true });
        assert.match(relay.text(), /^Connected/);
        assert.match(relay.twin(), /^Another OctoPrint has the same client ID/);
        await tell({ ...CONNECTED, state: "lost", is_twin: false });
        assert.equal(relay.twin(), "");
    });

    it("shows the error itself while it is kept from the broker", async () => {
        const detail = "[Errno 111] Connection refused";
        for (const state of ["connection_refused", "connecting", "taken", "new code"]) {
            await tell({ ...CONNECTED, state, detail });
            assert.equal(relay.detail(), detail, state);
            assert.ok(!relay.text().includes(detail), "apart from what is announced");
        }
        for (const told of [
            { state: "connected", detail },
            { state: "off", detail },
        ]) {
            await tell({ ...CONNECTED, ...told });
            assert.equal(relay.detail(), "", told.state);
        }
        await tell({ state: "lost" });
        assert.equal(relay.detail(), "");
    });

    it("has words for each state that the server knows", async () => {
        const folder = new URL("../../octoprint_temp_eta/mqtt/", import.meta.url);
        const source = readFileSync(new URL("connection.py", folder), "utf8");
        const codes = [
            ...source.matchAll(
                /State\("(\w+)"|_set_state\("(\w+)"|return "(\w+)"|code = "(\w+)"/g,
            ),
        ].map((match) => match.slice(1).find(Boolean));
        assert.ok(codes.length >= 5, String(codes));
        await tell({ ...CONNECTED, state: "new code" });
        const unknown = relay.text();
        for (const state of codes) {
            await tell({ ...CONNECTED, state });
            assert.notEqual(relay.text(), unknown, state);
        }
    });

    it("tells what is off from what is not saved yet", async () => {
        await tell({ state: "off", installed: {}, missing: [], install: "" });
        assert.equal(relay.text(), "Nothing is published yet.");
        saved = { ...ON, mqtt_enabled: false };
        config.mqtt_enabled(false);
        assert.equal(relay.text(), "Nothing is published.");
        config.mqtt_enabled(true);
        assert.match(relay.text(), /^Nothing is published yet\. Save/);
        config.mqtt_broker_host("");
        assert.match(relay.text(), /Enter a broker first\.$/);
        assert.deepEqual([relay.engine(), relay.lacksEngine()], ["", false]);
    });

    it("says why nothing can calculate, and what to install", async () => {
        const install = "/python -m pip install 'wasmtime>=45'";
        const engine_problems = {
            wasmtime: "ImportError: gone",
            "wasmtime-pulley": "ImportError: gone",
        };
        await tell({ ...CONNECTED, engine: "", engine_problems, install });
        assert.deepEqual([relay.engine(), relay.lacksEngine()], ["", true]);
        assert.equal(
            relay.problems(),
            "wasmtime: ImportError: gone\nwasmtime (Pulley): ImportError: gone",
        );
        assert.deepEqual([relay.install(), relay.lacks()], [install, true]);
        await tell({ ...CONNECTED, engine: "", engine_problems });
        assert.deepEqual([relay.install(), relay.lacks()], ["", true]);
        await tell({ ...CONNECTED, engine: undefined, install });
        assert.deepEqual([relay.lacksEngine(), relay.lacks()], [false, true]);
    });

    it("says that OctoPrint does not answer, until it does", async () => {
        answer = () => Promise.reject(new Error("502"));
        relay.watch(true);
        await settled();
        assert.equal(relay.text(), "OctoPrint is not responding.");
        answer = async () => ({ relay: CONNECTED });
        mock.timers.tick(2000);
        await settled();
        assert.equal(relay.text(), "Connected to broker:1883.");
    });

    it("gets a new id only after asking", async () => {
        let proceed;
        globalThis.showConfirmationDialog = ({ onproceed }) => {
            proceed = onproceed;
            // All that OctoPrint takes for a function.
            assert.equal(Object.prototype.toString.call(proceed), "[object Function]");
        };
        await tell({ ...CONNECTED, state: "taken" });
        asked = 0;
        relay.renewId();
        assert.equal(asked, 0);
        await proceed();
        assert.equal(asked, 2, "renewed, and asked how it is now");
        assert.deepEqual(notices, []);

        renewed = () => Promise.reject({ status: 409 });
        await proceed();
        renewed = () => Promise.reject({ status: 0 });
        await proceed();
        assert.deepEqual(notices, [
            "The ID was not changed: Publishing is disabled.",
            "The ID was not changed: OctoPrint is not responding.",
        ]);
        assert.equal(asked, 4, "and how it is now");
    });
});

describe("the clipboard", () => {
    it("is given a field's text", () => {
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
