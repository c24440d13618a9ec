// What is behind the settings form, piece by piece.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import "./octoprint.mjs";
import { Broker, verdict } from "../../static/js/broker.js";
import { Chooser } from "../../static/js/chooser.js";
import * as degrees from "../../static/js/degrees.js";
import { report } from "../../static/js/diagnostics.js";
import * as format from "../../static/js/format.js";
import * as scores from "../../static/js/scores.js";
import { complaint } from "../../static/js/settings_form.js";
import * as topic from "../../static/js/topic.js";

const data = (name) =>
    JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8"));
const definitions = data("settings.json");

describe("temperatures of the form", () => {
    it("are shown in °F and stored in °C", () => {
        const rows = [
            [50, false, 122],
            [0, false, 32],
            [1, true, 1.8],
            [0.2, true, 0.36],
            [0.01, true, 0.018],
            ["21.5", false, 70.7],
        ];
        for (const [celsius, difference, fahrenheit] of rows) {
            assert.equal(degrees.shown(celsius, true, difference), fahrenheit);
            assert.equal(
                degrees.stored(String(fahrenheit), true, difference),
                Number(celsius),
            );
        }
    });

    it("come back as they were entered", () => {
        for (let tenths = 0; tenths < 7520; tenths++) {
            const entered = tenths / 10;
            const celsius = degrees.stored(String(entered), true, false);
            assert.equal(degrees.shown(celsius, true, false), entered);
        }
    });

    it("are left alone in °C, and where there is no number", () => {
        for (const value of ["5", "", "hot", null]) {
            assert.equal(degrees.shown(value, false, true), value);
            assert.equal(degrees.stored(value, false, true), value);
        }
        for (const value of ["", "hot", null]) {
            assert.equal(degrees.shown(value, true, true), value);
            assert.equal(degrees.stored(value, true, true), value);
        }
    });
});

describe("the topic", () => {
    for (const { settings, appearance, base } of data("topics.json")) {
        it(`is ${base}, as on the server`, () => {
            assert.equal(topic.base(settings, appearance), base);
        });
    }
});

const score = (algorithm, error, ways) => ({ algorithm, error, ways });
const learned = [
    {
        heater: "bed",
        heatUps: 3,
        coolDowns: 1,
        since: 1_790_000_000,
        scores: [score("linear", 0.3, 4), score("adaptive", 0.1, 4)],
    },
    {
        heater: "tool0",
        heatUps: 1,
        coolDowns: 0,
        since: null,
        scores: [score("linear", 0.1, 1), score("adaptive", 0.6, 1)],
    },
];

describe("scores", () => {
    it("are the mean over all ways of all heaters", () => {
        const { error, ways } = scores.score(learned, "linear");
        assert.ok(Math.abs(error - 0.26) < 1e-9);
        assert.equal(ways, 5);
        assert.equal(scores.score(learned, "magic"), null);
        assert.equal(scores.score([], "linear"), null);
    });

    it("name the best of those that can be compared", () => {
        const lucky = [
            ...learned,
            { heater: "chamber", scores: [score("a.lucky", 0.01, 1)] },
        ];
        const ids = ["linear", "adaptive", "a.lucky"];
        assert.equal(scores.best(lucky, ids), "adaptive");
        assert.equal(scores.best(lucky, ["linear", "a.lucky"]), "linear");
        assert.equal(scores.best([], ids), null);
    });
});

describe("the chooser", () => {
    const ours = [
        { id: "linear", name: "Linear" },
        { id: "adaptive", name: "Adaptive" },
    ];
    const guest = { id: "my.own", name: "Mine", off: ko.observable("") };
    const chosen = ko.observable("linear");
    const heaters = ["bed", "tool0"];
    const chooser = new Chooser(chosen, {
        ours,
        guests: ko.observableArray([guest]),
        learned: ko.observable(learned),
        view: () => ({ heaters, fahrenheit: false }),
        scores,
        format,
    });
    const notes = () => chooser.algorithms().map(({ id, note }) => [id, note]);

    it("lists ours and others with what was measured", () => {
        assert.deepEqual(notes(), [
            ["linear", "off by 26% of the total time, measured 5 times"],
            ["adaptive", "off by 20% of the total time, measured 5 times"],
            ["my.own", "not measured yet"],
        ]);
        assert.deepEqual(chooser.lessons().slice(1), ["Tool: 1 heat-up, 0 cool-downs"]);
        assert.match(
            chooser.lessons()[0],
            /^Bed: 3 heat-ups, 1 cool-down since \d\d\/\d\d\/2026$/,
        );
    });

    it("uses the best", () => {
        assert.equal(chooser.best(), "adaptive");
        chooser.useBest();
        assert.equal(chosen(), "adaptive");
    });

    it("says what is off, and keeps a chosen one that is not there", () => {
        guest.off("slow");
        chosen("gone.away");
        assert.deepEqual(notes().slice(2), [
            ["my.own", "disabled: too slow"],
            ["gone.away", "unavailable: using Linear"],
        ]);
        assert.equal(chooser.best(), "adaptive");
    });
});

describe("the broker", () => {
    const start = (answer) => {
        const saved = { algorithm: "linear", mqtt_broker_host: "old", mqtt_qos: 1 };
        saved.mqtt_broker_port = 1883;
        const typed = { ...saved, mqtt_password: null, mqtt_password_set: true };
        const config = Object.fromEntries(
            Object.entries(typed).map(([key, value]) => [key, ko.observable(value)]),
        );
        const asked = [];
        const page = {
            saved: () => ({ ...saved, mqtt_password: null, mqtt_password_set: true }),
            appearance: () => "",
            topic,
            destination: ["mqtt_broker_host", "mqtt_broker_port"],
            described: (refused) => Object.keys(refused),
            tryOut: async (settings) => {
                asked.push(settings);
                return answer();
            },
        };
        return { config, asked, broker: new Broker(config, page) };
    };

    it("is tried with what is typed, and only that", async () => {
        const { config, asked, broker } = start(() => ({ result: "connected" }));
        await broker.test();
        config.algorithm("adaptive");
        config.mqtt_broker_host("new");
        config.mqtt_password("s3cret");
        await broker.test();
        assert.deepEqual(asked, [
            {},
            { mqtt_broker_host: "new", mqtt_password: "s3cret" },
        ]);
        assert.deepEqual([broker.verdict().good, broker.testing()], [true, false]);
    });

    it("is judged in words, also when nobody answers", async () => {
        for (const answer of [
            () => ({ result: "credentials" }),
            () => ({ result: "unheard of" }),
            () => {
                throw new Error("500");
            },
        ]) {
            const { broker } = start(answer);
            await broker.test();
            assert.equal(broker.verdict().good, false);
            assert.ok(broker.verdict().text.length > 10);
        }
    });

    it("has a verdict for each that the server knows", () => {
        const folder = new URL("../../octoprint_temp_eta/", import.meta.url);
        const source = (name) => readFileSync(new URL(name, folder), "utf8");
        const tried = source("mqtt/client.py") + source("mqtt/probe.py");
        const codes = [
            ...tried.matchAll(
                /return "(\w+)"|_answer\("(\w+)"\)|ClientError\("(\w+)"\)|(?:\d|Error|gaierror|timeout)\)?[:,] "(\w+)"/g,
            ),
            ...source("api.py").matchAll(/"result": "(\w+)"/g),
        ].map((match) => match.slice(1).find(Boolean));
        assert.ok(codes.length > 15, String(codes));
        for (const code of new Set(codes)) assert.ok(verdict(code), code);
    });

    it("has a verdict of its own for each fault of a certificate", () => {
        const codes = ["certificate", "certificate_expired", "certificate_name"];
        const verdicts = new Set(codes.map(verdict));
        assert.equal(verdicts.size, codes.length);
        for (const words of verdicts) assert.match(words, /certificate/);
    });

    it("has two answers that mean a wrong password", () => {
        for (const code of ["credentials", "forbidden"]) {
            assert.match(verdict(code), /username (and|or) password/);
        }
    });

    it("keeps its password unless another is typed or it is removed", () => {
        const { config, broker } = start();
        config.mqtt_password("");
        broker.beforeSave();
        assert.equal(config.mqtt_password(), null);
        config.mqtt_password("new");
        broker.beforeSave();
        assert.equal(config.mqtt_password(), "new");
        broker.removesPassword(true);
        // A save that fails does not forget what was wanted.
        for (const _ of [1, 2]) {
            broker.beforeSave();
            assert.equal(config.mqtt_password(), "");
        }
        broker.reset();
        assert.equal(broker.removesPassword(), false);
    });

    it("says that a password is for the broker it was entered for", () => {
        const { config, broker } = start();
        assert.equal(broker.password(), "Saved.");
        config.mqtt_broker_host("new");
        assert.match(broker.password(), /re-enter the password/);
        config.mqtt_password("new");
        assert.equal(broker.password(), "Saved.");
        config.mqtt_password_set(false);
        assert.equal(broker.password(), "Not set.");
    });

    it("says which settings the server does not take", async () => {
        const refused = { mqtt_tls_ca_file: "must be a file" };
        const { broker } = start(() => ({ result: "impossible", refused }));
        await broker.test();
        assert.match(broker.verdict().text, /Invalid settings:\nmqtt_tls_ca_file/);
    });
});

describe("a field", () => {
    const field = (valid) => ({
        parentElement: { querySelector: () => ({ textContent: "s" }) },
        validity: { valid },
        min: "0.1",
        max: "5",
        dataset: { right: "must be from %(least)s to %(most)s %(unit)s" },
    });

    it("says what would be right", () => {
        assert.equal(complaint(field(true)), "");
        assert.equal(complaint(field(false)), "must be from 0.1 to 5 s");
    });
});

describe("the report", () => {
    const timing = { count: 10, mean: 0.1234, worst: 1.5 };
    const facts = {
        status: {
            version: "1.2.3",
            relay: {
                state: "connected",
                broker: "secret.local:1883",
                detail: "certificate is not valid for 'secret.local'",
                engine: "wasm3",
                engine_problems: { wasmtime: "ImportError: no such file" },
                installed: { "paho-mqtt": "2.1.0", pywasm3: "0.5.0" },
            },
            refused: { min_rate: "no" },
        },
        versions: ["OctoPrint 1.11.8", "Browser"],
        measured: {
            messages: timing,
            snapshots: timing,
            estimates: { count: 0, mean: 0, worst: 0 },
            heaters: 3,
            samples: 100,
            marks: 500,
            memory: 1024 * 1152,
            skipped: { time: 1, actual: 0 },
        },
        settings: { algorithm: "linear", mqtt_broker_host: "secret.local" },
    };

    it("tells what was measured, and nothing of the broker", () => {
        const text = report(facts);
        for (const line of [
            "Temperature ETA 1.2.3",
            "OctoPrint 1.11.8",
            "Per message: 0.123 ms mean, 1.500 ms worst, of 10",
            "Per estimate: not measured yet",
            "Held: 3 heaters, 100 samples, 500 graph points",
            "Module memory: 1152 KiB",
            "Skipped readings: time 1, actual 0",
            "MQTT: connected, runtime wasm3; installed: paho-mqtt 2.1.0, pywasm3 0.5.0",
            "Failed runtimes: wasmtime ImportError: no such file",
            "Rejected settings: min_rate no",
            "Settings: algorithm linear",
        ]) {
            assert.ok(text.split("\n").includes(line), `${line}\nin\n${text}`);
        }
        assert.doesNotMatch(text, /secret/);
    });

    it("is there when nothing else is", () => {
        const text = report({ ...facts, status: null, measured: null });
        assert.match(text, /not running/);
        assert.match(text, /^MQTT: unknown; installed: none$/m);
        const relay = { state: "no_client", engine: "", installed: {} };
        const { status } = facts;
        assert.match(
            report({ ...facts, status: { ...status, relay } }),
            /^MQTT: no_client, no runtime; installed: none$/m,
        );
    });
});

describe("the page's view of the settings", () => {
    const texts = (folder, suffix) => {
        const url = new URL(`../../${folder}/`, import.meta.url);
        const names = readdirSync(url).filter((name) => name.endsWith(suffix));
        return names.map((name) => readFileSync(new URL(name, url), "utf8"));
    };
    const scripts = texts("static/js", ".js").join("\n");
    const derived = ["debug", "mqtt_password_set"];

    it("names only keys that are defined", () => {
        const families = [
            ...new Set(Object.keys(definitions).map((it) => it.split("_")[0])),
        ];
        // What looks like a key: one of the families' names in quotes, or after a dot.
        const places = new RegExp(
            `(?:"|(?:settings|saved|saved\\(\\)|config)\\.)((?:${families.join("|")})_[a-z0-9_]+)\\b`,
            "g",
        );
        const named = new Set([...scripts.matchAll(places)].map((match) => match[1]));
        assert.ok(named.size > 20, [...named].join());
        // Ids, and names of what is told, that look alike.
        const others = /^temp_eta/;
        const codes = ["target_reached", "cooldown_finished"];
        for (const key of named) {
            const known = key in definitions || [...derived, ...codes].includes(key);
            assert.ok(known || others.test(key), key);
        }
    });

    it("leaves none out: each is used by the calculation, the page or the server", () => {
        const types = texts("src/bindings/browser", "types.d.ts").join();
        const relays = Object.keys(definitions).filter((key) => key.startsWith("mqtt_"));
        // Named by what they are put together from, see alerts.js.
        const alerts = scripts.match(/`(sound|notification)_\$\{kind\}`/g);
        assert.equal(alerts.length, 2);
        for (const key of Object.keys(definitions)) {
            const alert = /^(sound|notification)_(target_reached|cooldown_finished)$/;
            const used =
                new RegExp(`\\b${key}\\b`).test(scripts) ||
                new RegExp(`\\b${key}\\?:`).test(types) ||
                relays.includes(key) ||
                alert.test(key) ||
                key === "debug_logging";
            assert.ok(used, key);
        }
    });
});
