// Algorithms of other plugins, most of them faulty.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import "./octoprint.mjs";
import {
    Budget,
    stopNotice,
    supervised,
    validate,
} from "../../static/js/plugin_algorithms.js";

const good = { id: "my_plugin.own", name: "Mine", estimate: () => 5 };

describe("a registered algorithm", () => {
    it("needs an id, a name and a function", () => {
        assert.doesNotThrow(() => validate(good));
        const invalid = [
            undefined,
            null,
            "linear",
            {},
            { ...good, id: "linear" },
            { ...good, id: "My.Own" },
            { ...good, id: "a.b.c" },
            { ...good, id: `a.${"b".repeat(64)}` },
            { ...good, name: "" },
            { ...good, name: 5 },
            { ...good, name: "x".repeat(81) },
            { ...good, estimate: 5 },
        ];
        for (const algorithm of invalid) {
            assert.throws(
                () => validate(algorithm),
                TypeError,
                JSON.stringify(algorithm),
            );
        }
    });
});

describe("the id of an algorithm", () => {
    const file = new URL("../data/algorithm-ids.json", import.meta.url);
    const ids = JSON.parse(readFileSync(file, "utf8"));

    it("is valid or not as on the server and in the core", () => {
        for (const id of ids.good)
            assert.doesNotThrow(() => validate({ ...good, id }), id);
        for (const id of ids.bad)
            assert.throws(() => validate({ ...good, id }), TypeError, id);
    });
});

describe("a supervised algorithm", () => {
    /** Gives these answers in turn, each with the time that the call takes in ms. */
    function run(answers) {
        let time = 0;
        const stops = [];
        let calls = 0;
        const estimate = () => {
            const [answer, ms = 1] = answers[calls++];
            time += ms;
            return answer instanceof Error ? raise(answer) : answer;
        };
        const call = supervised(
            { ...good, estimate },
            (...stop) => stops.push(stop),
            new Budget(() => time),
        );
        const results = answers.map(() => call([], "heating"));
        return { results, stops, calls };
    }
    const raise = (error) => {
        throw error;
    };

    it("may return a time or null", () => {
        const { results, stops } = run([[5], [null], [0], [1e9]]);
        assert.deepEqual(results, [5, null, 0, 1e9]);
        assert.deepEqual(stops, []);
    });

    it("gets the samples and the phase", () => {
        const seen = [];
        const estimate = (...given) => seen.push(given);
        supervised({ ...good, estimate }, () => {})(["samples"], "cooling");
        assert.deepEqual(seen, [[["samples"], "cooling"]]);
    });

    it("is stopped when it throws", () => {
        const error = new Error("oh");
        const { results, stops, calls } = run([[5], [error], [5]]);
        assert.deepEqual(results, [5, null, null]);
        assert.deepEqual(stops, [["threw", error]]);
        assert.equal(calls, 2);
    });

    it("is stopped after several invalid times", () => {
        for (const odd of [Number.NaN, -1, "5", undefined, Number.POSITIVE_INFINITY]) {
            const twice = run([[odd], [odd], [5], [5]]);
            assert.deepEqual(twice.stops, []);
            assert.deepEqual(twice.results, [null, null, 5, 5]);
            const { stops } = run([[odd], [odd], [odd], [5]]);
            assert.deepEqual(stops, [["no_time", undefined]]);
        }
    });

    it("is stopped after several slow answers", () => {
        const twice = run([
            [5, 21],
            [5, 21],
            [5, 20],
            [5, 20],
        ]);
        assert.deepEqual(twice.stops, []);
        const { stops, results } = run([
            [5, 21],
            [5, 21],
            [5, 21],
            [5, 1],
        ]);
        assert.deepEqual(stops, [["slow", undefined]]);
        assert.deepEqual(results, [5, 5, 5, null]);
    });

    it("is stopped even if only one of two heaters has faults", () => {
        const turns = (bad) =>
            Array.from({ length: 20 }, (_, i) => (i % 2 ? [null] : bad));
        assert.deepEqual(run(turns([Number.NaN])).stops, [["no_time", undefined]]);
        assert.deepEqual(run(turns([5, 30])).stops, [["slow", undefined]]);
    });

    it("is stopped if it delays the opening of a page too long", () => {
        const history = (ms) => Array.from({ length: 1800 }, () => [5, ms]);
        assert.deepEqual(run(history(0.5)).stops, []);
        const { stops, calls } = run(history(15));
        assert.deepEqual(stops, [["slow", undefined]]);
        assert.ok(calls < 100, `${calls} calls`);
    });

    it("keeps its budget when it registers itself whenever it is asked", () => {
        let time = 0;
        let registrations = 0;
        const budget = new Budget(() => time);
        const register = () => {
            assert.ok(++registrations < 1000, "the page stands still");
            const estimate = () => {
                time++;
                return 5;
            };
            const call = supervised({ ...good, estimate }, () => {}, budget);
            // The rest of the time is the module's.
            budget.spend(() => {
                time++;
                call([], "heating");
                time++;
            });
        };
        while (!budget.isUsedUp) register();
        assert.ok(time < 1100, `${time} ms`);
        time += 19_000;
        assert.ok(budget.isUsedUp);
        time += 3000;
        assert.ok(!budget.isUsedUp);
    });

    it("may be registered a few times in a row, but not without end", () => {
        let time = 0;
        const budget = new Budget(() => time);
        const registered = () => {
            if (budget.isUsedUp) return false;
            budget.register();
            return true;
        };
        const inARow = Array.from({ length: 100 }, registered).filter(Boolean).length;
        assert.ok(inARow >= 10 && inARow <= 30, `${inARow} times`);
        // When the settings are changed now and then.
        for (let i = 0; i < 100; i++) {
            time += 30_000;
            assert.ok(registered(), `after ${time} ms`);
        }
    });

    it("is called by its name in the notice", () => {
        for (const why of ["threw", "no_time", "slow"]) {
            const { title, text } = stopNotice("Mine", why);
            assert.equal(title, "Mine disabled");
            assert.ok(text);
        }
    });
});
