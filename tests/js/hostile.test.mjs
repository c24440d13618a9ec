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
        // What fails is big, and takes long to be made smaller.
        fc.assert(survived, { numRuns: 1000, endOnFailure: true });
        assert.ok(memory.buffer.byteLength <= MOST_MEMORY, `${memory.buffer.byteLength}`);
    });
});
