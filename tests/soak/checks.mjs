import assert from "node:assert/strict";

/**
 * Wasm memory grows by whole pages. One is allowed, as what is learned takes some memory; a byte
 * lost per message would take more than two a day.
 */
const PAGE = 65_536;

/** Checks the days of `simulate`: each is as good as the first, or better. */
export function assertStable(week) {
    const [first, ...later] = week;
    for (const [day, figures] of week.entries()) {
        const message = `day ${day + 1}: ${JSON.stringify(figures)}`;
        assert.equal(figures.transients, 8, message);
        assert.equal(figures.arrivals, 2 * 5 * 8, message);
        assert.equal(figures.negative, 0, message);
        assert.ok(figures.drift < 0.001, message);
        assert.ok(figures.error < 0.12, message);
        assert.ok(figures.samples <= 5 * 120 && figures.marks <= 5 * 1000, message);
    }
    for (const figures of later) {
        const message = JSON.stringify([first, figures]);
        assert.ok(figures.wasm <= first.wasm + PAGE, message);
        assert.ok(figures.heap < first.heap + 2e6, message);
        assert.ok(figures.error < first.error + 0.01, message);
    }
}
