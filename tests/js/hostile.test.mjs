// Messages that no OctoPrint sends, to the very module that ships. `npm run fuzz page` looks for
// longer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import * as wasm from "../../static/wasm/temp_eta.js";
import { session, survives } from "../hostile/messages.mjs";

/** Bytes of wasm memory, which never shrinks: what a printer takes, and the largest message. */
const MOST_MEMORY = 4 * 2 ** 20;

let memory;

before(async () => {
    const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
    ({ memory } = await wasm.default({ module_or_path: readFileSync(module) }));
});

describe("a message that makes no sense", () => {
    it("is refused or passed over, and a good one after it is taken", () => {
        const survived = fc.property(session(), (it) => survives(wasm, it));
        fc.assert(survived, {
            // The same each time: `npm run fuzz page` tries others.
            seed: 20_000,
            numRuns: 1000,
            examples: found(),
            // What fails is big, and takes long to be made smaller.
            endOnFailure: true,
        });
        assert.ok(memory.buffer.byteLength <= MOST_MEMORY, `${memory.buffer.byteLength}`);
    });

    it("is looked at no further than any printer needs", () => {
        const calculation = new wasm.TempEta(() => {});
        const skipped = () => calculation.snapshot(0).skipped;
        const time = 1.8e9;
        const many = Object.fromEntries(
            Array.from({ length: 10_000 }, (_, i) => [`bed${i}`, { actual: "hot" }]),
        );
        calculation.ingest({ serverTime: time, temps: [{ time, ...many }] }, 0);
        // The rest is one more that is passed over.
        assert.deepEqual([skipped().actual, skipped().heater], [64, 1]);
        const row = { time, bed: { actual: "hot" } };
        const temps = Array.from({ length: 50_000 }, (_, i) => ({
            ...row,
            time: time + i,
        }));
        calculation.ingest({ serverTime: time + 50_000, temps }, 50_000_000);
        assert.equal(skipped().actual, 64 + 10_000);
        calculation.free();
    });
});

/** What was found earlier, and mended. */
function found() {
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
