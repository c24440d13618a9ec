// What a screen reader hears of a whole heat-up.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Announcer } from "../../static/js/announcer.js";
import * as format from "../../static/js/format.js";
import { row } from "./octoprint.mjs";

const view = { heaters: ["bed"], fahrenheit: false };

function hear(rows) {
    const announcer = new Announcer(format);
    return rows.map((changes) => announcer.news([row(changes)], view)).filter(Boolean);
}

const holding = { phase: "at_target", goal: null, reason: "no_goal" };
const countdown = (from, to) =>
    Array.from({ length: from - to + 1 }, (_, i) => ({ remaining: from - i }));

describe("a screen reader", () => {
    it("hears minutes, not seconds", () => {
        assert.deepEqual(hear(countdown(400, 0)), [
            "Bed: 5 minutes left",
            "Bed: 3 minutes left",
            "Bed: 2 minutes left",
            "Bed: 1 minute left",
        ]);
    });

    it("hears what a heater does when that changes", () => {
        const cold = { phase: "idle", target: 0, goal: null, reason: "no_goal" };
        const measuring = { reason: "measuring" };
        assert.deepEqual(hear([cold, cold, measuring, { remaining: 50 }, holding]), [
            "Bed: heating to 60\u00a0°C",
            "Bed: 1 minute left",
            "Bed: holds 60\u00a0°C",
        ]);
    });

    it("hears nothing of what was there when the page was opened", () => {
        assert.deepEqual(hear([holding, holding]), []);
        assert.deepEqual(hear(countdown(59, 40)), []);
    });

    it("hears the minutes of a target that was changed on the way", () => {
        const more = { target: 110, goal: 110 };
        assert.deepEqual(hear([{ remaining: 50 }, { ...more, remaining: 130 }]), [
            "Bed: heating to 110\u00a0°C",
        ]);
        const on = [
            { ...more, remaining: 130 },
            { ...more, remaining: 119 },
        ];
        assert.deepEqual(hear([{ remaining: 50 }, ...on]).at(-1), "Bed: 2 minutes left");
    });

    it("does not hear a minute again when the countdown wavers", () => {
        const wavering = [182, 179, 181, 179, 183, 178].map((remaining) => ({
            remaining,
        }));
        assert.deepEqual(hear(wavering), ["Bed: 3 minutes left"]);
        const unsure = [{ remaining: 170 }, { reason: "measuring" }, { remaining: 169 }];
        assert.deepEqual(hear(unsure), []);
    });
});
