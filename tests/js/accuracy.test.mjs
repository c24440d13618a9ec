// The calculations behind the pictures of docs/accuracy.md.
import assert from "node:assert/strict";
import { it } from "node:test";
import { axisTicks, clock } from "../../scripts/accuracy/examples.mjs";
import { errorByProgress } from "../../scripts/accuracy/progress.mjs";
import { line } from "../../scripts/accuracy/svg.mjs";

const event = (...points) => ({
    points: points.map(([left, remaining]) => ({ left, remaining })),
});

it("divides an event into parts of equal time, and counts a missing time as 0", () => {
    const heatUp = event([100, 80], [60, null], [40, 45], [1, 1]);
    assert.deepEqual(errorByProgress([heatUp], 2), [0.4, 0.025]);
});

it("weighs all events equally, except in parts without readings", () => {
    const often = event([10, 10], [9, 9], [8, 8], [4, 4]);
    const rarely = event([10, 5]);
    assert.deepEqual(errorByProgress([often, rarely], 2), [0.25, 0]);
    assert.deepEqual(errorByProgress([rarely], 2), [0.5, null]);
});

it("interrupts a line where points are missing", () => {
    const path = / d="([^"]*)"/.exec(line([[0, 1], [1.04, 2], null, [3, 4], [5, 6]], ""));
    assert.equal(path[1], "M0 1L1 2M3 4L5 6");
});

it("has round values on an axis", () => {
    assert.deepEqual(axisTicks(13, 78, [5, 10, 20, 50], 4), [20, 40, 60]);
    assert.deepEqual(axisTicks(0, 60, [30, 60], 6), [0, 30, 60]);
    assert.deepEqual([0, 65, 599.6].map(clock), ["0:00", "1:05", "10:00"]);
});
