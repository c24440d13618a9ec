import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as format from "../../static/js/format.js";
import { row, VIEW as view } from "./octoprint.mjs";

const both = { ...view, fahrenheit: true };

describe("durations", () => {
    const rows = [
        [0, "0:00"],
        [0.01, "0:01"],
        [9, "0:09"],
        [59.2, "1:00"],
        [61, "1:01"],
        [599, "9:59"],
        [3599, "59:59"],
        [3600, "1:00:00"],
        [3661, "1:01:01"],
    ];
    for (const [seconds, text] of rows) {
        it(`${seconds} s is ${text}`, () => assert.equal(format.duration(seconds), text));
    }
});

describe("time and status", () => {
    const rows = [
        [{ phase: "idle", goal: null, reason: "no_goal" }, "", "off"],
        [{ phase: "at_target", goal: null, reason: "no_goal" }, "", "holds 60\u00a0°C"],
        [{ phase: "cooled_down", target: 0, goal: null }, "", "cooled down"],
        [{ remaining: 72 }, "1:12", "heating"],
        [{ remaining: 0 }, "0:00", "heating"],
        [{ reason: "near_target" }, "", "heating"],
        [{ reason: "measuring" }, "", "measuring…"],
        [{ reason: "no_progress" }, "", "not getting warmer"],
        [{ reason: "too_slow" }, "", "heating slowly"],
        [{ reason: "moving_away" }, "", "not getting warmer"],
        [{ reason: "levels_off" }, "", "levels off below 60\u00a0°C"],
        [{ reason: "too_long" }, "> 1\u00a0h", "heating"],
        [{ reason: "no_recent_reading" }, "", "no recent temperature report"],
        [{ reason: "printing" }, "", "heating"],
        [{ phase: "stalled", reason: "no_progress" }, "", "not getting warmer"],
        [{ phase: "stalled", reason: "levels_off" }, "", "levels off below 60\u00a0°C"],
        [
            { phase: "untargeted", target: 0, goal: null, reason: "no_goal" },
            "",
            "heating without a target",
        ],
    ];
    const cooling = { phase: "cooling", target: 0, goal: 50 };
    rows.push(
        [{ ...cooling, remaining: 5 }, "0:05", "cooling to 50\u00a0°C"],
        [{ ...cooling, reason: "too_slow" }, "", "cooling to 50\u00a0°C"],
        [{ ...cooling, reason: "too_long" }, "> 1\u00a0h", "cooling to 50\u00a0°C"],
        [{ ...cooling, reason: "measuring" }, "", "measuring…"],
        [{ ...cooling, reason: "no_progress" }, "", "not getting cooler"],
        [{ ...cooling, reason: "moving_away" }, "", "not getting cooler"],
        [{ ...cooling, reason: "levels_off" }, "", "levels off above 50\u00a0°C"],
        [{ ...cooling, reason: "no_recent_reading" }, "", "no recent temperature report"],
        [{ ...cooling, reason: "printing" }, "", "cooling to 50\u00a0°C"],
    );
    const soaking = { phase: "soaking", actual: 60.4 };
    rows.push(
        [{ ...soaking, remaining: 600 }, "10:00", "soaking at 60\u00a0°C"],
        [{ ...soaking, reason: "unsteady" }, "", "soaking, not steady yet"],
        [{ ...soaking, reason: "no_recent_reading" }, "", "no recent temperature report"],
    );
    for (const [changes, time, status] of rows) {
        it(`${changes.phase ?? "heating"}, ${changes.reason ?? changes.remaining}`, () => {
            assert.equal(format.time(row(changes)), time);
            assert.equal(format.status(row(changes), view), status);
        });
    }
});

describe("a reading that makes no sense", () => {
    const odd = { reason: "implausible", actual: 1023.75, rate: null, progress: null };
    const told = "the reading makes no sense (1023.8\u00a0°C)";

    it("is told whatever the heater is doing", () => {
        const phases = ["idle", "heating", "stalled", "at_target"];
        phases.push("cooling", "cooled_down", "untargeted", "soaking");
        for (const phase of phases) {
            for (const goal of [60, null]) {
                const bed = row({ ...odd, phase, goal });
                assert.equal(format.status(bed, view), told);
                assert.equal(format.summary(bed, view), `Bed: ${told}`);
                assert.equal(format.phaseChange(bed, view), `Bed: ${told}`);
                assert.equal(format.temperatures(bed, view), "");
                const times = [format.time(bed), format.interval(bed), format.rate(bed)];
                assert.deepEqual(times, ["", "", ""]);
            }
        }
    });
    it("is told without a number if it is none", () => {
        const junk = row({ ...odd, actual: Number.NaN });
        assert.equal(format.status(junk, view), "the reading makes no sense");
        assert.equal(format.measured(Number.NaN, both), "–");
    });
    it("is told in both units if set so", () => {
        assert.equal(
            format.status(row({ ...odd, actual: -14 }), both),
            "the reading makes no sense (-14.0\u00a0°C (6.8\u00a0°F))",
        );
    });
});

describe("temperatures", () => {
    it("include the goal", () => {
        assert.equal(format.temperatures(row({}), view), "41.3 → 60\u00a0°C");
        assert.equal(
            format.temperatures(row({ goal: 62.5 }), view),
            "41.3 → 62.5\u00a0°C",
        );
    });
    it("are the actual one alone without a goal", () => {
        const soaking = row({ phase: "soaking", actual: 60.4 });
        assert.equal(format.temperatures(soaking, view), "60.4\u00a0°C");
        assert.equal(format.temperatures(row({ goal: null }), view), "41.3\u00a0°C");
        const at = { actual: 60, goal: null };
        assert.equal(format.temperatures(row(at), view), "60.0\u00a0°C");
    });
    it("are in both units if set so", () => {
        assert.equal(
            format.temperatures(row({}), both),
            "41.3 → 60\u00a0°C (106.3 → 140\u00a0°F)",
        );
        assert.equal(
            format.status(row({ phase: "at_target" }), both),
            "holds 60\u00a0°C (140\u00a0°F)",
        );
        assert.equal(format.rate(row({}), both), "30.0\u00a0°C/min (54.0\u00a0°F/min)");
    });
    it("have a rate per minute while heating or cooling", () => {
        assert.equal(format.rate(row({}), view), "30.0\u00a0°C/min");
        assert.equal(format.rate(row({ rate: -0.0251 }), view), "-1.5\u00a0°C/min");
        assert.equal(format.rate(row({ rate: -0.0004 }), view), "0.0\u00a0°C/min");
        assert.equal(format.rate(row({ rate: null }), view), "");
        assert.equal(format.rate(row({ goal: null }), view), "");
    });
});

describe("the end", () => {
    const now = new Date(2026, 0, 5, 14, 29, 40).getTime();

    it("is a time of day", () => {
        assert.equal(format.finish(row({ remaining: 192 }), now), "14:32");
        assert.equal(format.finish(row({ reason: "too_long" }), now), "");
    });
    it("is beyond the maximum ETA", () => {
        const long = row({ reason: "too_long" });
        assert.equal(format.time(long, 7200), "> 2\u00a0h");
        assert.equal(format.time(long, 5400), "> 1:30:00");
        assert.equal(format.time(long, 90), "> 1:30");
    });
    it("has an uncertainty, if known and useful", () => {
        const near = { remaining: 60, interval: [52, 65] };
        assert.equal(format.interval(row(near)), "± 0:07");
        assert.equal(format.interval(row({ remaining: 60, interval: [20, 150] })), "");
        assert.equal(format.interval(row({ remaining: 60 })), "");
        assert.equal(format.interval(row({ interval: [52, 65] })), "");
        assert.equal(format.interval(row({ remaining: 1, interval: [1, 1.2] })), "");
    });
    it("is labelled for the printer as a whole", () => {
        assert.equal(format.ready({ phase: "heating" }), "Printer ready in");
        assert.equal(format.ready({ phase: "cooling" }), "Cooled down in");
    });
    it("has a text for alerts", () => {
        const bed = { heater: "bed", kind: "target_reached", actual: 59.4, target: 60 };
        assert.equal(format.alert(bed, view).text, "Bed has reached 60\u00a0°C.");
        const soaked = format.alert({ ...bed, kind: "soaked" }, view);
        assert.equal(soaked.text, "Bed has been soaked at 60\u00a0°C.");
        const cold = { ...bed, kind: "cooled_down", actual: 40.94, target: 0 };
        assert.equal(
            format.alert(cold, view).text,
            "Bed has cooled down to 40.9\u00a0°C.",
        );
    });
    it("is in minutes for screen readers", () => {
        assert.equal(format.minutesLeft("bed", 1, view), "Bed: 1 minute left");
        assert.equal(format.minutesLeft("bed", 3, view), "Bed: 3 minutes left");
    });
});

describe("names", () => {
    const two = { ...view, tools: 2 };
    const own = { ...two, names: new Map(Object.entries({ bed: "Bett", tool0: "" })) };

    it("are OctoPrint's", () => {
        assert.equal(format.name("bed", view), "Bed");
        assert.equal(format.name("chamber", view), "Chamber");
        assert.equal(format.name("tool0", view), "Tool");
        assert.equal(format.name("tool0", two), "Tool 0");
        for (const name of ["dryer", "toolbox", "constructor"])
            assert.equal(format.name(name, view), name);
    });
    it("are the owner's where there are some", () => {
        assert.equal(format.name("bed", own), "Bett");
        assert.equal(format.name("tool0", own), "Tool 0");
        assert.equal(format.summary(row({}), own), "Bett: heating");
        assert.equal(format.minutesLeft("bed", 3, own), "Bett: 3 minutes left");
        const event = { heater: "bed", kind: "target_reached", actual: 59.4, target: 60 };
        assert.match(format.alert(event, own).text, /^Bett has reached/);
    });
    it("have a number only if there are several tools", () => {
        assert.equal(format.number("tool0", two), "0");
        assert.equal(format.number("tool0", view), "");
        assert.equal(format.number("bed", two), "");
    });
    it("say what the printer's time leaves out", () => {
        const without = (...heaters) => format.without({ without: heaters }, own);
        assert.equal(without(), "");
        assert.equal(without("chamber"), "without Chamber");
        assert.equal(without("bed", "chamber"), "without Bett and Chamber");
        const three = without("tool0", "dryer", "bed");
        assert.equal(three, "without Tool 0, dryer and Bett");
    });
    it("are part of the summary", () => {
        const text = format.summary(row({ remaining: 72 }), view);
        assert.equal(text, "Bed: heating");
        const holding = row({ phase: "at_target", goal: null });
        assert.equal(format.summary(holding, view), "Bed: holds 60\u00a0°C");
    });
});
