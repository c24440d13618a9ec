// The wasm module of the release, after wasm-opt, in Node.
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import binaryen from "binaryen";

const file = (path) => new URL(`../../${path}`, import.meta.url);

/** The wasm features that the build enables, see scripts/build/wasm.mjs. */
export const FEATURES = [
    ..."BulkMemory BulkMemoryOpt MutableGlobals SignExt NontrappingFPToInt".split(" "),
    "Multivalue",
].reduce((all, name) => all | binaryen.Features[name], 0);

/** The bytes of the module. */
export function shippedBytes() {
    const [name] = readdirSync(file("static/built/")).filter((it) =>
        /^temp_eta-\w+\.wasm\.gz$/.test(it),
    );
    return gunzipSync(readFileSync(file(`static/built/${name}`)));
}

/** Loads the module. */
export async function loadShipped() {
    const wasm = await import(file("static/wasm/temp_eta.js"));
    await wasm.default({ module_or_path: shippedBytes() });
    return wasm;
}
