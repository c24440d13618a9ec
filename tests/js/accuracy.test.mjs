// What the pictures of docs/accuracy.md are drawn from.
import assert from "node:assert/strict";
import { it } from "node:test";
import { errorsOverTime } from "../../scripts/accuracy/progress.mjs";
import { line } from "../../scripts/accuracy/svg.mjs";
import { clock, marks } from "../../scripts/accuracy/transients.mjs";

const event = (...points) => ({
    points: points.map(([left, remaining]) => ({ left, remaining })),
});

it("divides a transient into parts of equal time; a missing time is wrong by all of it", () => {
    const transient = event([100, 80], [60, null], [40, 45], [1, 1]);
    assert.deepEqual(errorsOverTime([transient], 2), [0.4, 0.025]);
});

it("counts every event the same, but not where it has no reading", () => {
    const often = event([10, 10], [9, 9], [8, 8], [4, 4]);
    const rarely = event([10, 5]);
    assert.deepEqual(errorsOverTime([often, rarely], 2), [0.25, 0]);
    assert.deepEqual(errorsOverTime([rarely], 2), [0.5, null]);
});

it("lifts a line where there is nothing", () => {
    const path = / d="([^"]*)"/.exec(line([[0, 1], [1.04, 2], null, [3, 4], [5, 6]], ""));
    assert.equal(path[1], "M0 1L1 2M3 4L5 6");
});

it("marks an axis with round values", () => {
    assert.deepEqual(marks(13, 78, [5, 10, 20, 50], 4), [20, 40, 60]);
    assert.deepEqual(marks(0, 60, [30, 60], 6), [0, 30, 60]);
    assert.deepEqual([0, 65, 599.6].map(clock), ["0:00", "1:05", "10:00"]);
});
