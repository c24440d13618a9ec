// The announcements for screen readers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as format from "../../static/js/format.js";
import { LiveRegion } from "../../static/js/live_region.js";
import { row, VIEW } from "./octoprint.mjs";

function announcements(rows, view = VIEW) {
    const region = new LiveRegion(format);
    return rows.map((changes) => region.update([row(changes)], view)).filter(Boolean);
}

const holding = { phase: "at_target", goal: null, reason: "no_goal" };
const countdown = (from, to) =>
    Array.from({ length: from - to + 1 }, (_, i) => ({ remaining: from - i }));

describe("the live region", () => {
    it("announces minutes, not seconds", () => {
        assert.deepEqual(announcements(countdown(400, 0)), [
            "Bed: 5 minutes left",
            "Bed: 3 minutes left",
            "Bed: 2 minutes left",
            "Bed: 1 minute left",
        ]);
    });

    it("announces a new phase or goal", () => {
        const cold = { phase: "idle", target: 0, goal: null, reason: "no_goal" };
        const measuring = { reason: "measuring" };
        assert.deepEqual(
            announcements([cold, cold, measuring, { remaining: 50 }, holding]),
            ["Bed: heating to 60\u00a0°C", "Bed: 1 minute left", "Bed: holds 60\u00a0°C"],
        );
    });

    it("announces once that the readings make no sense, and when they do again", () => {
        const odd = (actual) => ({ reason: "implausible", actual, rate: null });
        assert.deepEqual(
            announcements([{}, odd(1023.75), odd(2000), odd(Number.NaN), {}, {}]),
            [
                "Bed: the reading makes no sense (1023.8\u00a0°C)",
                "Bed: heating to 60\u00a0°C",
            ],
        );
    });

    it("uses the owner's names", () => {
        const view = { ...VIEW, names: new Map([["bed", "Plate"]]) };
        const rows = [{ phase: "idle", goal: null }, {}, { remaining: 50 }];
        assert.deepEqual(announcements(rows, view), [
            "Plate: heating to 60\u00a0°C",
            "Plate: 1 minute left",
        ]);
    });

    it("does not announce the state when the page is opened", () => {
        assert.deepEqual(announcements([holding, holding]), []);
        assert.deepEqual(announcements(countdown(59, 40)), []);
    });

    it("announces the minutes to a target that was changed during the heat-up", () => {
        const more = { target: 110, goal: 110 };
        assert.deepEqual(
            announcements([{ remaining: 50 }, { ...more, remaining: 130 }]),
            ["Bed: heating to 110\u00a0°C"],
        );
        const next = [
            { ...more, remaining: 130 },
            { ...more, remaining: 119 },
        ];
        assert.deepEqual(
            announcements([{ remaining: 50 }, ...next]).at(-1),
            "Bed: 2 minutes left",
        );
    });

    it("announces a minute once, even if the countdown varies", () => {
        const varying = [182, 179, 181, 179, 183, 178].map((remaining) => ({
            remaining,
        }));
        assert.deepEqual(announcements(varying), ["Bed: 3 minutes left"]);
        const interrupted = [
            { remaining: 170 },
            { reason: "measuring" },
            { remaining: 169 },
        ];
        assert.deepEqual(announcements(interrupted), []);
    });
});
