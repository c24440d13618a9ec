import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { assertSurvives, session } from "../../tests/hostile/messages.mjs";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";

/**
 * Passes generated sessions to the built browser's module, in Node.
 *
 * @param {number} seconds
 * @returns {Promise<number>} number of sessions
 */
export async function fuzzPage(seconds) {
    const wasm = await import("../../static/wasm/temp_eta.js");
    const module = readFileSync(join(root, "static", "wasm", "temp_eta_bg.wasm"));
    const { memory } = await wasm.default({ module_or_path: module });
    const property = fc.property(session(), (it) => assertSurvives(wasm, it));
    const end = Date.now() + 1000 * seconds;
    let sessions = 0;
    while (Date.now() < end) {
        const { failed, numRuns, ...details } = fc.check(property, {
            endOnFailure: true,
        });
        sessions += numRuns;
        if (failed) throw new Failure(fc.defaultReportMessage({ failed, ...details }));
    }
    console.log(`page: ${memory.buffer.byteLength / 1024} KiB of wasm memory at the end`);
    return sessions;
}
