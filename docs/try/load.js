/** Loads the released wasm and the recordings; both file names contain a hash. */

import init, { TempEta } from "../../static/wasm/temp_eta.js";

/** The calculation is not available; the message says why. */
export class Unavailable extends Error {}

/** @returns {Promise<() => TempEta>} creates a calculation without learned data */
export async function loadCalculation() {
    if (typeof WebAssembly !== "object") {
        throw new Unavailable("This browser has no WebAssembly, or it is disabled.");
    }
    // Both names are filled in by scripts/docs/try.mjs. Compiling from bytes works with any MIME
    // type.
    const bytes = await (await file(WASM_FILE)).arrayBuffer();
    try {
        await init({ module_or_path: bytes });
    } catch (error) {
        throw new Unavailable(`This browser rejects the WebAssembly module: ${error}`);
    }
    // The replay does not depend on the module's clock.
    return () => new TempEta(() => {});
}

/** @returns {Promise<{printers: import("./recording.js").Printer[]}>} */
export async function loadRecordings() {
    return (await file(RECORDINGS_FILE)).json();
}

/** @param {string} name */
async function file(name) {
    const response = await fetch(new URL(name, import.meta.url)).catch(() => null);
    if (!response?.ok) {
        throw new Unavailable(`${name} could not be loaded. Check the network.`);
    }
    return response;
}
