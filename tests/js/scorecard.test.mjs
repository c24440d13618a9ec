// What each algorithm said in the newest transients: compared, offered, and shown.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import ko from "knockout";
import { Algorithms } from "../../static/js/algorithms.js";
import * as format from "../../static/js/format.js";
import { Offer } from "../../static/js/offer.js";
import { HEIGHT, Scorecard, WIDTH } from "../../static/js/scorecard.js";
import * as scores from "../../static/js/scores.js";
import { VIEW } from "./octoprint.mjs";

const ALGORITHMS = ["linear", "exponential", "adaptive", "my.own"];

/**
 * A transient of `duration` s, as the module has it: each algorithm was wrong by so many s, or silent
 * (null), or not there.
 */
function transient(duration, errors, end = 1_790_000_000) {
    const shown = ALGORITHMS.flatMap((algorithm) => {
        const error = errors[algorithm];
        if (error === undefined) return [Number.NaN, -1, -1, -1];
        if (error === null) return [duration / 2, -1, -1, -1];
        const times = scores.MOMENTS.map((moment) => (1 - moment) * duration + error);
        return [Math.abs(error), ...times];
    });
    return [end, 24.6, 60, duration, ...shown];
}

const learned = (...transients) => [
    { heater: "bed", scores: ALGORITHMS.map((algorithm) => ({ algorithm })), transients },
];

describe("the transients of a heater", () => {
    it("have the errors and the times of those that were there", () => {
        const [heater] = learned(transient(100, { linear: -6, adaptive: null }));
        const [{ predicted, ...way }] = scores.transients(heater);
        assert.deepEqual(way, {
            ...{ end: 1_790_000_000, start: 24.6 },
            ...{ setpoint: 60, duration: 100 },
        });
        assert.deepEqual(predicted, [
            { algorithm: "linear", error: 6, remaining: [69, 44, 19] },
            { algorithm: "adaptive", error: 50, remaining: [null, null, null] },
        ]);
    });
});

describe("the clearly better algorithm", () => {
    const ids = ["linear", "exponential", "adaptive"];
    const better = (transients, shown = "linear") =>
        scores.clearlyBetter(learned(...transients), shown, ids);
    const three = (errors) => [1, 2, 3].map(() => transient(100, errors));

    it("has at most 60 % of the error, in three transients or more", () => {
        const found = better(three({ linear: 19, adaptive: 3 }));
        assert.equal(found.algorithm, "adaptive");
        assert.deepEqual([found.error, found.shownError], [3, 19]);
        assert.equal(better(three({ linear: 19, adaptive: 3 }).slice(1)), null);
        assert.equal(better(three({ linear: 10, adaptive: 7 })), null);
        assert.equal(better(three({ linear: 3, adaptive: 19 })), null);
        assert.equal(better(three({ linear: 0, adaptive: 0 })), null);
        assert.equal(better([]), null);
        assert.equal(better(three({ linear: 9, adaptive: 3 }), "adaptive"), null);
    });

    it("is the best of several, which need not have been there each time", () => {
        const transients = [
            ...three({ linear: 20, exponential: 8, adaptive: 4 }),
            transient(100, { linear: 2 }),
        ];
        assert.equal(better(transients).algorithm, "adaptive");
        assert.equal(better(transients).shownError, 20);
    });

    it("is better in long and in short ones", () => {
        const short = three({ linear: 10, adaptive: 12 });
        const long = transient(5000, { linear: 1500, adaptive: 100 });
        assert.equal(better([...short, long]), null);
    });
});

describe("the offer", () => {
    const page = (changes) => {
        const saved = ko.observable({ algorithm: "linear", suggest_algorithm: true });
        const requests = [];
        const offer = new Offer({
            saved,
            learned: () =>
                learned(
                    ...[1, 2, 3].map(() => transient(400, { linear: 150, adaptive: 3 })),
                ),
            maySave: () => true,
            algorithms: new Algorithms(() => []),
            scores,
            format,
            async save(changed) {
                requests.push(changed);
                saved({ ...saved(), ...changed });
            },
            notice: ({ title }) => requests.push(title),
            ...changes,
        });
        return { offer, saved, requests };
    };
    const OFFERED = "Adaptive was 3\u00a0s off, Linear 2:30\u00a0min.";

    it("is accepted with a click, and that is undone by another", async () => {
        const { offer, requests } = page();
        assert.equal(offer.text(), OFFERED);
        assert.deepEqual(
            [offer.actionText(), offer.dismissText()],
            ["Use Adaptive", "Not now"],
        );
        await offer.act();
        assert.equal(offer.text(), "Adaptive is used now.");
        assert.deepEqual([offer.actionText(), offer.dismissText()], ["Undo", "Close"]);
        await offer.act();
        assert.equal(offer.text(), OFFERED);
        assert.deepEqual(requests, [{ algorithm: "adaptive" }, { algorithm: "linear" }]);
    });

    it("says that it was accepted until it is closed or another one is selected", async () => {
        const { offer, saved } = page();
        await offer.accept();
        saved({ ...saved(), algorithm: "exponential" });
        assert.equal(offer.text(), "");
        saved({ ...saved(), algorithm: "adaptive" });
        offer.dismiss();
        assert.equal(offer.text(), "");
    });

    it("is declined for good", async () => {
        const { offer, requests } = page();
        await offer.dismiss();
        assert.equal(offer.text(), "");
        assert.deepEqual(requests, [{ suggest_algorithm: false }]);
    });

    it("is not made to users who may not change the settings, or before these are there", () => {
        assert.equal(page({ maySave: () => false }).offer.text(), "");
        assert.equal(page({ saved: ko.observable({}) }).offer.text(), "");
    });

    it("stays, with a notice, if OctoPrint does not save the change", async () => {
        const requests = [];
        const { offer } = page({
            save: () => Promise.reject(new Error("no connection")),
            notice: ({ title }) => requests.push(title),
        });
        await offer.accept();
        assert.equal(offer.text(), OFFERED);
        assert.equal(offer.saving(), false);
        assert.deepEqual(requests, ["Not saved"]);
    });

    it("is saved once, however often it is clicked", async () => {
        let requests = 0;
        const { offer } = page({ save: async () => requests++ });
        await Promise.all([offer.accept(), offer.accept(), offer.decline()]);
        assert.equal(requests, 1);
    });

    it("compares with Linear while the selected algorithm is not there", () => {
        const { offer, saved } = page();
        saved({ ...saved(), algorithm: "gone.away" });
        assert.equal(offer.text(), OFFERED);
    });
});

describe("the scorecard", () => {
    const own = { id: "my.own", name: "Mine", stopReason: () => "" };
    const card = (states) =>
        new Scorecard({
            learned: ko.observable(states),
            view: () => ({ ...VIEW, names: new Map([["bed", "Plate"]]) }),
            algorithms: new Algorithms(() => [own]),
            format,
            scores,
        });

    it("has what each algorithm said, and what was left, the newest first", () => {
        const errors = { linear: null, adaptive: 4, "my.own": 400 };
        const { heaters, isEmpty } = card(
            learned(transient(60, {}, 1_780_000_000), transient(200, errors)),
        );
        assert.equal(isEmpty(), false);
        const [{ heater, name, transients }] = heaters();
        assert.deepEqual([heater, name, transients.length], ["bed", "Plate", 2]);
        const [newest] = transients;
        assert.match(newest.title, /^25 → 60\u00a0°C in 3:20, \d\d\/\d\d\/2026 /);
        assert.deepEqual(newest.left, ["2:30", "1:40", "0:50"]);
        assert.deepEqual(
            newest.lines.map(({ name, times, error, style }) => [
                name,
                times,
                error,
                style,
            ]),
            [
                ["Linear", ["–", "–", "–"], "100\u00a0s", "temp-eta-of-linear"],
                [
                    "Adaptive",
                    ["2:34", "1:44", "0:54"],
                    "4\u00a0s",
                    "temp-eta-of-adaptive",
                ],
                ["Mine", ["9:10", "8:20", "7:30"], "6:40\u00a0min", "temp-eta-of-plugin"],
            ],
        );
    });

    it("draws what is right in the middle, and what is much too long at the top", () => {
        const errors = { linear: null, exponential: -50, adaptive: 0, "my.own": 400 };
        const [{ transients }] = card(learned(transient(200, errors))).heaters();
        const [silent, short, right, long] = transients[0].lines.map((it) => it.points);
        assert.deepEqual(silent, []);
        const heights = (marks) => marks.map((it) => it.y);
        assert.deepEqual(heights(short), [65, 65, 65], "a quarter of the whole");
        assert.deepEqual(heights(right), [HEIGHT / 2, HEIGHT / 2, HEIGHT / 2]);
        assert.deepEqual(heights(long), [0, 0, 0]);
    });

    it("draws equal times beside each other, in the order of the algorithms", () => {
        const errors = { linear: 1, exponential: 1, adaptive: 1 };
        const [{ transients }] = card(learned(transient(200, errors))).heaters();
        const marks = transients[0].lines.map((it) => it.points.map(({ x }) => x));
        assert.deepEqual(marks[1], [WIDTH / 4, WIDTH / 2, (3 * WIDTH) / 4]);
        const inOrder = marks.flat().toSorted((a, b) => a - b);
        assert.deepEqual(
            inOrder,
            [0, 1, 2].flatMap((i) => marks.map((it) => it[i])),
        );
    });

    it("is closed, and empty before anything was learned", () => {
        const { isOpen, isEmpty, heaters } = card(learned());
        assert.deepEqual([isOpen(), isEmpty(), heaters()], [false, true, []]);
    });
});
