// What real printers said, and what is right to say of it, by every algorithm; see
// tests/data/printers.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
    always,
    arrives,
    climbsAs,
    differences,
    givesUp,
    goesOnUnheard,
    hasNoPrinterRow,
    hasNoTime,
    hasTime,
    is,
    isLeftOut,
    levelsOff,
    phases,
    reports,
    saysLittle,
    shows,
    staysIn,
    teachesNothing,
} from "../printers/checks.mjs";
import { names, openAt, play, readRecordings } from "../printers/recordings.mjs";
import { loadShipped } from "./shipped_module.mjs";

const ALGORITHMS = ["linear", "exponential", "adaptive"];

/** A thermistor that breaks in second 60 of a heat-up, and what it reads then. */
const broken = (actual) => [
    is("tool0", 60, 238, { reason: "implausible", remaining: null, actual }),
    arrives(""),
];

/** A bed that is too weak for its target: heating, perhaps stalled, and no more. */
const WEAK_BED = [
    shows("tool0 bed"),
    phases("bed", "heating stalled"),
    hasTime("bed", { from: 10, to: 100, share: 0.8 }),
    levelsOff("bed", ["levels_off"]),
    saysLittle("bed", 4),
    arrives(""),
];

/** What is right for each recording; seconds are those of the recording. */
const EXPECTED = {
    absent_tool: [
        shows("tool0 tool1 bed"),
        phases("tool1", "idle"),
        phases("bed", "idle heating at_target"),
        is("tool1", 0, 238, { actual: -20 }),
    ],
    bed20: [
        is("printer", 20, 110, { phase: "heating" }),
        hasTime("printer", { from: 20, to: 110 }),
        // A minute after its target was set.
        isLeftOut("bed", 72, 110),
        hasNoTime("bed", { from: 72 }),
        arrives("tool0@200"),
    ],
    blanks_at_slash: [
        phases("tool0", "at_target cooling cooled_down"),
        phases("tool1", "idle"),
        phases("bed", "at_target cooling"),
        arrives("tool0@0"),
    ],
    broken_while_heating: broken(-273),
    falls_first: [phases("tool0", "idle heating at_target"), arrives("tool0@215")],
    first_report_zero: [
        phases("tool0", "idle"),
        phases("bed", "idle heating at_target"),
        arrives("bed@60"),
    ],
    hot_room_chamber: [
        shows("tool0 bed chamber"),
        phases("chamber", "at_target cooling"),
        givesUp("chamber", "levels_off", 2),
        arrives(""),
    ],
    idle_open: [
        shows("tool0 bed"),
        is("tool0", 0, 39, { phase: "idle", actual: 22 }),
        is("tool0", 40, 118, { reason: "implausible", actual: 1023.75 }),
        phases("bed", "idle"),
        arrives(""),
    ],
    klipper_rpi: [
        shows("tool0"),
        phases("tool0", "idle"),
        reports("rpi"),
        hasNoPrinterRow,
        arrives(""),
    ],
    loose_wire: [
        is("tool0", 40, 47, { reason: "implausible", actual: 1023.75 }),
        hasTime("tool0", { from: 55, to: 95 }),
        arrives("tool0@200"),
    ],
    m109_r50: [phases("tool0", "at_target cooling at_target"), arrives("tool0@50")],
    m109_tool_only: [
        staysIn("bed", "idle heating at_target", { most: 2 }),
        goesOnUnheard("bed", 42, 204),
        hasTime("tool0", { from: 30, to: 190 }),
        teachesNothing("bed"),
    ],
    m190_r30: [
        staysIn("printer", "cooling"),
        hasTime("printer", { from: 20, to: 200, share: 0.9 }),
        phases("tool0", "idle cooling cooled_down idle"),
        arrives("tool0@0 bed@30"),
    ],
    open_while_heating: [
        is("tool0", 66, 238, { remaining: null, actual: -14 }),
        arrives(""),
    ],
    overshoots: [arrives("tool0@240")],
    pid_autotune: [
        climbsAs("tool0", "untargeted"),
        // Then it has tuned, and really cools down.
        staysIn("tool0", "idle untargeted", { to: 200 }),
        hasNoTime("tool0", { to: 200 }),
        hasNoPrinterRow,
        arrives(""),
    ],
    residency: [
        shows("tool0 bed"),
        reports("W"),
        phases("tool0", "idle heating at_target"),
        hasTime("tool0", { from: 20, to: 100 }),
        arrives("tool0@205"),
    ],
    shorted_while_heating: broken(2000),
    smoothie_turns: [
        staysIn("bed", "idle heating at_target", { most: 2 }),
        goesOnUnheard("bed", 36, 100),
        phases("tool0", "idle heating at_target"),
        goesOnUnheard("tool0", 104, 138),
        teachesNothing("bed"),
    ],
    target_32767: [
        shows("tool0 bed"),
        phases("tool0", "idle"),
        is("tool0", 0, 118, { actual: 24, target: 0 }),
        arrives("bed@60"),
    ],
    target_negative: [
        shows("tool0 bed"),
        phases("tool0", "idle"),
        is("tool0", 0, 118, { actual: 32.1, target: 0 }),
        arrives("bed@60"),
    ],
    target_off: [phases("tool0", "idle"), phases("bed", "idle"), arrives("")],
    temperature_fan: [
        is("printer", 30, 300, { phase: "heating" }),
        isLeftOut("chamber", 30, 300),
        hasTime("printer", { from: 75, to: 300, share: 0.9 }),
        staysIn("chamber", "heating stalled", { most: 3 }),
        levelsOff("chamber", ["levels_off", "no_progress", "too_slow"]),
        arrives("tool0@150 bed@100"),
    ],
    two_reporters: [
        phases("bed", "heating at_target"),
        hasTime("bed", { from: 5, to: 85 }),
        arrives("bed@80"),
    ],
    weak_bed_noise: WEAK_BED,
    weak_bed_quiet: WEAK_BED,
    whole_degrees: [
        phases("tool0", "idle heating at_target"),
        phases("bed", "idle heating at_target"),
        hasTime("bed", { from: 25, to: 100, share: 0.9 }),
        hasTime("tool0", { from: 130, to: 210, share: 0.9 }),
        arrives("bed@60 tool0@200"),
    ],
    wrong_once: [
        phases("tool0", "idle heating at_target"),
        hasTime("tool0", { from: 20, to: 95, share: 0.95 }),
        is("tool0", 48, 48, { actual: 108.66 }),
        arrives("tool0@200"),
    ],
    xl: [
        shows("tool0 tool1 tool2 tool3 tool4 tool5 bed"),
        reports("X1", "A", "B_0_0", "B_3_3"),
        is("printer", 25, 95, { phase: "heating" }),
        hasTime("printer", { from: 25, to: 95 }),
        arrives("tool1@185 bed@85"),
    ],
};

describe("what a printer says", () => {
    let wasm;
    let recordings;

    before(async () => {
        wasm = await loadShipped();
        recordings = readRecordings();
    });

    it("has an expectation for each recording", () => {
        assert.deepEqual(Object.keys(EXPECTED), names);
    });

    for (const [name, checks] of Object.entries(EXPECTED)) {
        for (const algorithm of ALGORITHMS) {
            it(`${name}, ${algorithm}`, () => {
                const played = play(wasm, name, recordings[name], { algorithm });
                const { moments } = played;
                const late = [0.3, 0.5, 0.7, 0.9].flatMap((share) => {
                    const moment = moments[Math.floor(share * moments.length)];
                    const how = [wasm, name, recordings[name], { algorithm }];
                    return differences(moment, openAt(moment.at, ...how));
                });
                const right = checks.map((check) => check(played));
                const all = [...right, ...always(played), ...late];
                const wrong = all.filter(Boolean);
                if (wrong.length) assert.fail(wrong.join("\n"));
            });
        }
    }
});
