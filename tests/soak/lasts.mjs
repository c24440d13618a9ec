import assert from "node:assert/strict";

/** Checks what `live` has seen of a week: everything is as at first, or better. */
export function lasts(week) {
    const [first, ...later] = week;
    for (const [day, seen] of week.entries()) {
        const told = `day ${day + 1}: ${JSON.stringify(seen)}`;
        assert.equal(seen.ways, 8, told);
        assert.equal(seen.arrivals, 2 * 5 * 8, told);
        assert.equal(seen.negative, 0, told);
        assert.ok(seen.off < 0.001, told);
        assert.ok(seen.error < 0.12, told);
        assert.ok(seen.samples <= 5 * 120 && seen.marks <= 5 * 1000, told);
    }
    for (const seen of later) {
        const told = JSON.stringify([first, seen]);
        assert.equal(seen.wasm, first.wasm, told);
        assert.ok(seen.heap < first.heap + 2e6, told);
        assert.ok(seen.error < first.error + 0.01, told);
    }
}
