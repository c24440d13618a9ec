/**
 * Loads the wasm module of this build. The build puts the module's file name, which contains
 * its content hash, into this script.
 *
 * @typedef {typeof import("../wasm/temp_eta.js") & {memory: WebAssembly.Memory}} Module
 */

import init, * as bindings from "../wasm/temp_eta.js";

/** The first two bytes of a gzip file, RFC 1952 §2.3.1. */
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * @returns {Promise<Module>}
 * @throws {Error} if the file cannot be fetched or is not a valid module
 */
export async function load() {
    // Filled in by scripts/build/page.mjs.
    const response = await fetch(new URL(WASM_FILE, import.meta.url));
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    const { memory } = await init({
        module_or_path: await unpack(await response.arrayBuffer()),
    });
    return { ...bindings, memory };
}

/**
 * OctoPrint sets the header that makes the browser unpack the file; other servers may not.
 *
 * @param {ArrayBuffer} bytes
 */
function unpack(bytes) {
    const [first, second] = new Uint8Array(bytes);
    if (first !== GZIP_MAGIC[0] || second !== GZIP_MAGIC[1]) return bytes;
    const packed = new Blob([bytes]).stream();
    return new Response(
        packed.pipeThrough(new DecompressionStream("gzip")),
    ).arrayBuffer();
}
