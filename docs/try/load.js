/** Loads the wasm of the release and the recordings, both named by their content. */

import init, { TempEta } from "../../static/wasm/temp_eta.js";

/** There is no calculation, for a reason that can be read. */
export class Unavailable extends Error {}

/** @returns {Promise<() => TempEta>} makes a calculation that knows nothing */
export async function loadCalculation() {
    if (typeof WebAssembly !== "object") {
        throw new Unavailable("This browser has no WebAssembly, or it is switched off.");
    }
    // Filled in by scripts/docs/try.mjs, like the other one. Compiled from bytes, it does not
    // matter by which type the server calls them.
    const bytes = await (await file(WASM_FILE)).arrayBuffer();
    try {
        await init({ module_or_path: bytes });
    } catch (error) {
        throw new Unavailable(`This browser refuses the WebAssembly module: ${error}`);
    }
    // The module's own clock does not matter here.
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
        throw new Unavailable(`${name} could not be loaded. Is the network there?`);
    }
    return response;
}
