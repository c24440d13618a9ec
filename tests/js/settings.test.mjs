// The parts of the settings form.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Broker, resultText } from "../../static/js/broker.js";
import { Chooser } from "../../static/js/chooser.js";
import * as format from "../../static/js/format.js";
import * as scores from "../../static/js/scores.js";
import { errorOf } from "../../static/js/settings_form.js";
import * as topic from "../../static/js/topic.js";
import * as units from "../../static/js/units.js";
import { VIEW } from "./octoprint.mjs";

const json = (name) =>
    JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
const definitions = json("src/settings.json");

describe("temperatures in the form", () => {
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
            assert.equal(units.shown(celsius, true, difference), fahrenheit);
            assert.equal(
                units.stored(String(fahrenheit), true, difference),
                Number(celsius),
            );
        }
    });

    it("are shown as they were entered", () => {
        for (let tenths = 0; tenths < 7520; tenths++) {
            const entered = tenths / 10;
            const celsius = units.stored(String(entered), true, false);
            assert.equal(units.shown(celsius, true, false), entered);
        }
    });

    it("are unchanged in °C and if they are not numbers", () => {
        for (const value of ["5", "", "hot", null]) {
            assert.equal(units.shown(value, false, true), value);
            assert.equal(units.stored(value, false, true), value);
        }
        for (const value of ["", "hot", null]) {
            assert.equal(units.shown(value, true, true), value);
            assert.equal(units.stored(value, true, true), value);
        }
    });
});

describe("the topic", () => {
    for (const { settings, appearance, base } of json("tests/data/topics.json")) {
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
    it("are the mean over all transients of all heaters", () => {
        const { error, transients } = scores.score(learned, "linear");
        assert.ok(Math.abs(error - 0.26) < 1e-9);
        assert.equal(transients, 5);
        assert.equal(scores.score(learned, "magic"), null);
        assert.equal(scores.score([], "linear"), null);
    });

    it("name the best of the comparable algorithms", () => {
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
    const builtIn = [
        { id: "linear", name: "Linear" },
        { id: "adaptive", name: "Adaptive" },
    ];
    const own = { id: "my.own", name: "Mine", stopReason: ko.observable("") };
    const chosen = ko.observable("linear");
    const chooser = new Chooser(chosen, {
        builtIn,
        pluginAlgorithms: ko.observableArray([own]),
        learned: ko.observable(learned),
        view: () => ({ ...VIEW, names: new Map([["bed", "Plate"]]) }),
        scores,
        format,
    });
    const notes = () => chooser.algorithms().map(({ id, note }) => [id, note]);

    it("lists built-in and plugin algorithms with their scores", () => {
        assert.deepEqual(notes(), [
            ["linear", "error 26% of the total time, measured 5 times"],
            ["adaptive", "error 20% of the total time, measured 5 times"],
            ["my.own", "not measured yet"],
        ]);
        assert.deepEqual(chooser.learnedTexts().slice(1), [
            "Tool: 1 heat-up, 0 cool-downs",
        ]);
        assert.match(
            chooser.learnedTexts()[0],
            /^Plate: 3 heat-ups, 1 cool-down since \d\d\/\d\d\/2026$/,
        );
    });

    it("selects the best", () => {
        assert.equal(chooser.best(), "adaptive");
        chooser.useBest();
        assert.equal(chosen(), "adaptive");
    });

    it("marks a stopped algorithm, and a selected one that is not registered", () => {
        own.stopReason("slow");
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
        const entered = { ...saved, mqtt_password: null, mqtt_password_set: true };
        const config = Object.fromEntries(
            Object.entries(entered).map(([key, value]) => [key, ko.observable(value)]),
        );
        const requests = [];
        const page = {
            saved: () => ({ ...saved, mqtt_password: null, mqtt_password_set: true }),
            appearance: () => "",
            topic,
            destination: ["mqtt_broker_host", "mqtt_broker_port"],
            describeRefused: (refused) => Object.keys(refused),
            connect: async (settings) => {
                requests.push(settings);
                return answer();
            },
        };
        return { config, requests, broker: new Broker(config, page) };
    };

    it("is tested with the changed values only", async () => {
        const { config, requests, broker } = start(() => ({ result: "connected" }));
        await broker.test();
        config.algorithm("adaptive");
        config.mqtt_broker_host("new");
        config.mqtt_password("s3cret");
        await broker.test();
        assert.deepEqual(requests, [
            {},
            { mqtt_broker_host: "new", mqtt_password: "s3cret" },
        ]);
        assert.deepEqual([broker.testResult().good, broker.testing()], [true, false]);
    });

    it("has a text for a failed test, even without an answer", async () => {
        for (const answer of [
            () => ({ result: "credentials" }),
            () => ({ result: "unheard of" }),
            () => {
                throw new Error("500");
            },
        ]) {
            const { broker } = start(answer);
            await broker.test();
            assert.equal(broker.testResult().good, false);
            assert.ok(broker.testResult().text.length > 10);
        }
    });

    it("has a text for each of the server's results", () => {
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
        for (const code of new Set(codes)) assert.ok(resultText(code), code);
    });

    it("has different texts for the faults of a certificate", () => {
        const codes = ["certificate", "certificate_expired", "certificate_name"];
        const texts = new Set(codes.map(resultText));
        assert.equal(texts.size, codes.length);
        for (const text of texts) assert.match(text, /certificate/);
    });

    it("has two results that mean a wrong password", () => {
        for (const code of ["credentials", "forbidden"]) {
            assert.match(resultText(code), /username (and|or) password/);
        }
    });

    it("keeps its password unless it is changed or removed", () => {
        const { config, broker } = start();
        config.mqtt_password("");
        broker.beforeSave();
        assert.equal(config.mqtt_password(), null);
        config.mqtt_password("new");
        broker.beforeSave();
        assert.equal(config.mqtt_password(), "new");
        broker.removePassword(true);
        // If saving fails, it is still to be removed.
        for (const _ of [1, 2]) {
            broker.beforeSave();
            assert.equal(config.mqtt_password(), "");
        }
        broker.reset();
        assert.equal(broker.removePassword(), false);
    });

    it("asks for the password again if the broker is changed", () => {
        const { config, broker } = start();
        assert.equal(broker.password(), "Saved.");
        config.mqtt_broker_host("new");
        assert.match(broker.password(), /re-enter the password/);
        config.mqtt_password("new");
        assert.equal(broker.password(), "Saved.");
        config.mqtt_password_set(false);
        assert.equal(broker.password(), "Not set.");
    });

    it("names the settings that the server refuses", async () => {
        const refused = { mqtt_tls_ca_file: "must be a file" };
        const { broker } = start(() => ({ result: "impossible", refused }));
        await broker.test();
        assert.match(broker.testResult().text, /Invalid settings:\nmqtt_tls_ca_file/);
    });
});

describe("a field", () => {
    const field = (valid) => ({
        parentElement: { querySelector: () => ({ textContent: "s" }) },
        validity: { valid },
        min: "0.1",
        max: "5",
        dataset: { hint: "must be from %(least)s to %(most)s %(unit)s" },
    });

    it("has a hint if its value is invalid", () => {
        assert.equal(errorOf(field(true)), "");
        assert.equal(errorOf(field(false)), "must be from 0.1 to 5 s");
    });
});

describe("the settings in the scripts", () => {
    const texts = (folder, suffix) => {
        const url = new URL(`../../${folder}/`, import.meta.url);
        const names = readdirSync(url, { recursive: true });
        return names
            .filter((name) => name.endsWith(suffix))
            .map((name) => readFileSync(new URL(name, url), "utf8"))
            .join("\n");
    };
    const scripts = texts("static/js", ".js");
    const calculation = texts("src", ".rs");
    const derived = ["debug", "mqtt_password_set"];

    it("have defined keys only", () => {
        const families = [
            ...new Set(Object.keys(definitions).map((it) => it.split("_")[0])),
        ];
        // Looks like a key: the first word of one, in quotes or after a settings object.
        const pattern = new RegExp(
            `(?:"|(?:settings|saved|saved\\(\\)|config)\\.)((?:${families.join("|")})_[a-z0-9_]+)\\b`,
            "g",
        );
        const named = new Set([...scripts.matchAll(pattern)].map((match) => match[1]));
        assert.ok(named.size > 20, [...named].join());
        // Ids and codes that look like keys.
        const ids = /^temp_eta/;
        const codes = ["target_reached", "cooldown_finished"];
        for (const key of named) {
            const known = key in definitions || [...derived, ...codes].includes(key);
            assert.ok(known || ids.test(key), key);
        }
    });

    it("are all used, by the core, the page or the server", () => {
        const mqtt = Object.keys(definitions).filter((key) => key.startsWith("mqtt_"));
        // Their keys are composed in alerts.js.
        const alerts = scripts.match(/`(sound|notification)_\$\{name\}`/g);
        assert.equal(alerts.length, 2);
        // And those of the outlets in server_status.js.
        assert.equal(scripts.match(/`\$\{outlet\}_enabled`/g).length, 2);
        const outlet = /^(events|rest|display|mqtt)_enabled$/;
        const server = ["display_length", "debug_logging"];
        for (const [key, { core }] of Object.entries(definitions)) {
            const alert =
                /^(sound|notification)_(target_reached|cooldown_finished|soaked)$/;
            const used =
                new RegExp(`\\b${key}\\b`).test(scripts) ||
                (core && new RegExp(`\\b${key}\\b`).test(calculation)) ||
                mqtt.includes(key) ||
                alert.test(key) ||
                outlet.test(key) ||
                server.includes(key);
            assert.ok(used, key);
        }
    });
});
