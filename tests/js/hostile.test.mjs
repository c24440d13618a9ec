// Invalid messages to the built module. `npm run fuzz page` runs longer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import * as wasm from "../../static/wasm/temp_eta.js";
import { assertSurvives, session } from "../hostile/messages.mjs";

/** Bytes of wasm memory, which never shrinks: enough for a printer and the largest message. */
const MAX_MEMORY = 4 * 2 ** 20;

let memory;

before(async () => {
    const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
    ({ memory } = await wasm.default({ module_or_path: readFileSync(module) }));
});

describe("an invalid message", () => {
    it("is rejected or skipped, and later valid ones are accepted", () => {
        const property = fc.property(session(), (it) => assertSurvives(wasm, it));
        fc.assert(property, {
            // Fixed, so that all runs are the same; `npm run fuzz page` uses others.
            seed: 20_000,
            numRuns: 1000,
            examples: regressions(),
            // Shrinking takes long.
            endOnFailure: true,
        });
        assert.ok(memory.buffer.byteLength <= MAX_MEMORY, `${memory.buffer.byteLength}`);
    });

    it("is read only up to the limits for a printer", () => {
        const core = new wasm.TempEta(() => {});
        const skipped = () => core.snapshot(0).skipped;
        const time = 1.8e9;
        const many = Object.fromEntries(
            Array.from({ length: 10_000 }, (_, i) => [`bed${i}`, { actual: "hot" }]),
        );
        core.ingest({ serverTime: time, temps: [{ time, ...many }] }, 0);
        // The remaining heaters count as one skipped entry.
        assert.deepEqual([skipped().actual, skipped().heater], [64, 1]);
        const row = { time, bed: { actual: "hot" } };
        const temps = Array.from({ length: 50_000 }, (_, i) => ({
            ...row,
            time: time + i,
        }));
        core.ingest({ serverTime: time + 50_000, temps }, 50_000_000);
        assert.equal(skipped().actual, 64 + 10_000);
        core.free();
    });
});

/** Messages that failed earlier. */
function regressions() {
    const refuse = () => {
        throw new Error("refused");
    };
    const getter = (name) => Object.defineProperty({}, name, { get: refuse });
    const messages = [
        ...["temps", "serverTime", "state", "progress"].map(getter),
        { serverTime: 1.8e9, temps: [getter("time")] },
        { serverTime: 1.8e9, temps: [{ time: 1.8e9, bed: getter("actual") }] },
        { serverTime: 1.8e9, temps: new Proxy([], { get: refuse }) },
        { serverTime: 1.8e9, temps: new Array(2 ** 32 - 1) },
    ];
    return messages.map((message) => [[{ message, now: 0 }]]);
}
