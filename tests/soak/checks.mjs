import assert from "node:assert/strict";

/**
 * Checks the days of `simulate`, three at least: each is as good as the first, or better. What is
 * learned on the first takes memory; from the second day on it stays.
 */
export function assertStable(week) {
    const [first, second, ...later] = week;
    for (const [day, figures] of week.entries()) {
        const message = `day ${day + 1}: ${JSON.stringify(figures)}`;
        assert.equal(figures.transients, 8, message);
        assert.equal(figures.arrivals, 2 * 5 * 8, message);
        assert.equal(figures.negative, 0, message);
        assert.ok(figures.drift < 0.001, message);
        assert.ok(figures.error < 0.12, message);
        assert.ok(figures.samples <= 5 * 120 && figures.marks <= 5 * 1000, message);
    }
    assert.ok(later.length, "three days at least");
    for (const figures of later) {
        const message = JSON.stringify([first, second, figures]);
        assert.equal(figures.wasm, second.wasm, message);
        assert.ok(figures.heap < first.heap + 2e6, message);
        assert.ok(figures.error < first.error + 0.01, message);
    }
}
