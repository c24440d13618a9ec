// What the pictures of docs/accuracy.md are drawn from.
import assert from "node:assert/strict";
import { it } from "node:test";
import { errorsOverTime } from "../../scripts/accuracy/measure.mjs";

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
