import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { zipFile } from "../package/artefacts.mjs";
import { cache, dist, root } from "../paths.mjs";
import { kilobytes, percent } from "./numbers.mjs";
import { byOrigin } from "./wasm_bytes.mjs";

const built = join(root, "static", "built");

/** The output of wasm-pack, with function names, before wasm-opt. */
const named = join(cache, "wasm", "temp_eta_bg.wasm");

/** The sizes of all released files. */
export async function benchSizes() {
    const files = readdirSync(built).sort();
    const rows = files.filter((name) => !name.endsWith(".wasm.gz")).map(sizes);
    const modules = files.filter((name) => name.endsWith(".wasm.gz"));
    for (const name of modules) rows.push(...moduleSizes(name));
    const wheel = readdirSync(dist).find((name) => name.endsWith(".whl"));
    for (const file of [zipFile, join(dist, wheel)]) {
        const figure = kilobytes(statSync(file).size);
        rows.push({ what: "download", where: basename(file), figure });
    }
    return rows;
}

function sizes(name) {
    const bytes = readFileSync(join(built, name));
    const packed = gzipSync(bytes, { level: 9 }).length;
    const figure = `${kilobytes(bytes.length)}, ${kilobytes(packed)} with gzip`;
    // Their names contain a hash of the content.
    return { what: "file", where: name.replace(/-[0-9A-Z]{8}\./, "-*."), figure };
}

function moduleSizes(name) {
    const packed = readFileSync(join(built, name));
    const raw = gunzipSync(packed).length;
    const where = name.replace(/-[0-9a-f]{8}\./, "-*.").replace(/\.gz$/, "");
    const row = (how, bytes) => ({
        what: "wasm",
        where: `${where}, ${how}`,
        figure: kilobytes(bytes),
        aim: "under 80 kB",
        met: bytes < 80_000,
        why: whereTheyAre(raw),
    });
    return [row("compressed (gzip)", packed.length), row("unpacked", raw)];
}

function whereTheyAre(raw) {
    const parts = byOrigin(readFileSync(named));
    const all = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const shares = parts.map(({ origin, bytes }) => `${origin} ${percent(bytes / all)}`);
    return (
        `The module has ${kilobytes(raw)} of code and data. By origin, before wasm-opt removes ` +
        `the names: ${shares.join(", ")}. \`npm run bench sizes\` shows this, ` +
        "`twiggy top .cache/wasm/temp_eta_bg.wasm` each function."
    );
}
