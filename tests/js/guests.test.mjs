// Algorithms of other plugins, above all those that are broken.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import "./octoprint.mjs";
import { check, ended, guarded } from "../../static/js/guests.js";

const good = { id: "my_plugin.own", name: "Mine", estimate: () => 5 };

describe("an algorithm that is registered", () => {
    it("has an id, a name and a function", () => {
        assert.doesNotThrow(() => check(good));
        const wrong = [
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
        for (const algorithm of wrong) {
            assert.throws(() => check(algorithm), TypeError, JSON.stringify(algorithm));
        }
    });
});

describe("the name of an algorithm", () => {
    const file = new URL("../data/algorithm-ids.json", import.meta.url);
    const names = JSON.parse(readFileSync(file, "utf8"));

    it("is one that the server and the calculation take", () => {
        for (const id of names.good)
            assert.doesNotThrow(() => check({ ...good, id }), id);
        for (const id of names.bad)
            assert.throws(() => check({ ...good, id }), TypeError, id);
    });
});

describe("an algorithm that is asked", () => {
    /** Answers one after the other, each with the time it takes in ms. */
    function asked(answers) {
        let time = 0;
        const ends = [];
        let calls = 0;
        const estimate = () => {
            const [answer, ms = 1] = answers[calls++];
            time += ms;
            return answer instanceof Error ? raise(answer) : answer;
        };
        const ask = guarded(
            { ...good, estimate },
            (...end) => ends.push(end),
            () => time,
        );
        const said = answers.map(() => ask([], "heating"));
        return { said, ends, calls };
    }
    const raise = (error) => {
        throw error;
    };

    it("is believed when it says a time or that it cannot tell", () => {
        const { said, ends } = asked([[5], [null], [0], [1e9]]);
        assert.deepEqual(said, [5, null, 0, 1e9]);
        assert.deepEqual(ends, []);
    });

    it("gets what there is to see", () => {
        const seen = [];
        const estimate = (...given) => seen.push(given);
        guarded({ ...good, estimate }, () => {})(["samples"], "cooling");
        assert.deepEqual(seen, [[["samples"], "cooling"]]);
    });

    it("is over when it throws", () => {
        const error = new Error("oh");
        const { said, ends, calls } = asked([[5], [error], [5]]);
        assert.deepEqual(said, [5, null, null]);
        assert.deepEqual(ends, [["threw", error]]);
        assert.equal(calls, 2);
    });

    it("is over when what it says is no time, again and again", () => {
        for (const odd of [Number.NaN, -1, "5", undefined, Number.POSITIVE_INFINITY]) {
            const twice = asked([[odd], [odd], [5], [5]]);
            assert.deepEqual(twice.ends, []);
            assert.deepEqual(twice.said, [null, null, 5, 5]);
            const { ends } = asked([[odd], [odd], [odd], [5]]);
            assert.deepEqual(ends, [["no_time", undefined]]);
        }
    });

    it("is over when it is slow, again and again", () => {
        const twice = asked([
            [5, 21],
            [5, 21],
            [5, 20],
            [5, 20],
        ]);
        assert.deepEqual(twice.ends, []);
        const { ends, said } = asked([
            [5, 21],
            [5, 21],
            [5, 21],
            [5, 1],
        ]);
        assert.deepEqual(ends, [["slow", undefined]]);
        assert.deepEqual(said, [5, 5, 5, null]);
    });

    it("is over also when a heater that is well takes turns with one that is not", () => {
        const turns = (bad) =>
            Array.from({ length: 20 }, (_, i) => (i % 2 ? [null] : bad));
        assert.deepEqual(asked(turns([Number.NaN])).ends, [["no_time", undefined]]);
        assert.deepEqual(asked(turns([5, 30])).ends, [["slow", undefined]]);
    });

    it("is over when a page that is opened would wait for it too long", () => {
        const history = (ms) => Array.from({ length: 1800 }, () => [5, ms]);
        assert.deepEqual(asked(history(0.5)).ends, []);
        const { ends, calls } = asked(history(15));
        assert.deepEqual(ends, [["slow", undefined]]);
        assert.ok(calls < 100, `${calls} calls`);
    });

    it("is spoken of by its name", () => {
        for (const why of ["threw", "no_time", "slow"]) {
            const { title, text } = ended("Mine", why);
            assert.equal(title, "Mine disabled");
            assert.ok(text);
        }
    });
});
