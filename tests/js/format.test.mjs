import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./octoprint.mjs";
import * as format from "../../static/js/format.js";

const row = (changes) => ({
    heater: "bed",
    phase: "heating",
    actual: 41.25,
    target: 60,
    goal: 60,
    remaining: null,
    reason: null,
    rate: 0.5,
    progress: 0.5,
    ...changes,
});

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

describe("words", () => {
    const rows = [
        [{ phase: "idle", goal: null, reason: "no_goal" }, "", "off"],
        [{ phase: "at_target", goal: null, reason: "no_goal" }, "", "holds 60 °C"],
        [{ phase: "cooled_down", target: 0, goal: null }, "", "cooled down"],
        [{ remaining: 72 }, "1:12", "heating"],
        [{ remaining: 0 }, "0:00", "heating"],
        [{ reason: "near_target" }, "", "heating"],
        [{ reason: "measuring" }, "", "measuring…"],
        [{ reason: "no_progress" }, "", "not getting warmer"],
        [{ reason: "too_slow" }, "", "heating slowly"],
        [{ reason: "moving_away" }, "", "not getting warmer"],
        [{ reason: "levels_off" }, "", "levels off below 60 °C"],
        [{ reason: "too_long" }, "> 1 h", "heating"],
        [{ reason: "no_recent_reading" }, "", "no word from the printer"],
    ];
    const cooling = { phase: "cooling", target: 0, goal: 50 };
    rows.push(
        [{ ...cooling, remaining: 5 }, "0:05", "cooling to 50 °C"],
        [{ ...cooling, reason: "too_slow" }, "", "cooling to 50 °C"],
        [{ ...cooling, reason: "too_long" }, "> 1 h", "cooling to 50 °C"],
        [{ ...cooling, reason: "measuring" }, "", "measuring…"],
        [{ ...cooling, reason: "no_progress" }, "", "not getting cooler"],
        [{ ...cooling, reason: "moving_away" }, "", "not getting cooler"],
        [{ ...cooling, reason: "levels_off" }, "", "levels off above 50 °C"],
        [{ ...cooling, reason: "no_recent_reading" }, "", "no word from the printer"],
    );
    for (const [changes, time, status] of rows) {
        it(`${changes.phase ?? "heating"}, ${changes.reason ?? changes.remaining}`, () => {
            assert.equal(format.time(row(changes)), time);
            assert.equal(format.status(row(changes)), status);
        });
    }
});

describe("temperatures", () => {
    it("say where it goes", () => {
        assert.equal(format.temperatures(row({})), "41.3 → 60 °C");
        assert.equal(format.temperatures(row({ goal: 62.5 })), "41.3 → 62.5 °C");
    });
    it("say where it is when it goes nowhere", () => {
        assert.equal(format.temperatures(row({ goal: null })), "41.3 °C");
    });
});

describe("names", () => {
    it("are OctoPrint's", () => {
        assert.equal(format.name("bed", ["bed"]), "Bed");
        assert.equal(format.name("chamber", []), "Chamber");
        assert.equal(format.name("tool0", ["tool0", "bed"]), "Tool");
        assert.equal(format.name("tool0", ["tool0", "tool1"]), "Tool 0");
        assert.equal(format.name("dryer", []), "dryer");
        assert.equal(format.name("toolbox", []), "toolbox");
    });
    it("stand in the summary", () => {
        const text = format.summary(row({ remaining: 72 }), ["bed"]);
        assert.equal(text, "Bed: 1:12, heating");
        const holding = row({ phase: "at_target", goal: null });
        assert.equal(format.summary(holding, ["bed"]), "Bed: holds 60 °C");
    });
});
