/**
 * Loads the wasm module that belongs to this build: this script names it by its content.
 *
 * @typedef {typeof import("../wasm/temp_eta.js") & {memory: WebAssembly.Memory}} Module
 */

import init, * as bindings from "../wasm/temp_eta.js";

/** How a file begins that is packed with gzip, RFC 1952 §2.3.1. */
const GZIP = [0x1f, 0x8b];

/** @returns {Promise<Module>} */
export async function load() {
    // Filled in by scripts/build/page.mjs.
    const response = await fetch(new URL(WASM_FILE, import.meta.url));
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    const { memory } = await init({
        module_or_path: await unpacked(await response.arrayBuffer()),
    });
    return { ...bindings, memory };
}

/**
 * OctoPrint has the browser unpack it; not every server does.
 *
 * @param {ArrayBuffer} bytes
 */
function unpacked(bytes) {
    const [first, second] = new Uint8Array(bytes);
    if (first !== GZIP[0] || second !== GZIP[1]) return bytes;
    const packed = new Blob([bytes]).stream();
    return new Response(
        packed.pipeThrough(new DecompressionStream("gzip")),
    ).arrayBuffer();
}
