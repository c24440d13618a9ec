import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { sum } from "d3-array";
import { WASM_FEATURES, wasmOpt } from "../build/wasm.mjs";
import { zipFile } from "../package/artefacts.mjs";
import { cache, dist, root } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { heaters } from "./messages.mjs";
import { kilobytes } from "./report.mjs";

const built = join(root, "static", "built");

/** The output of wasm-pack, with function names, before wasm-opt. */
const named = join(cache, "wasm", "temp_eta_bg.wasm");

const BINDINGS =
    /temp_eta::bindings|serde|wasm_bindgen|js_sys|web_sys|gloo|externref|tempeta|__wb|panic_hook::/;

/** The origin of a function; the first match counts. */
const ORIGINS = [
    ["the calculation (core)", /temp_eta::core::/],
    ["the bindings and their conversions", BINDINGS],
    ["Rust's standard library", /./],
];

/** The sizes of all released files. */
export async function benchSizes() {
    const why = await origins();
    const files = readdirSync(built).sort();
    const wheel = readdirSync(dist).find((name) => name.endsWith(".whl"));
    return [
        ...files.filter((name) => !name.endsWith(".wasm.gz")).map(size),
        ...files
            .filter((name) => name.endsWith(".wasm.gz"))
            .flatMap((name) => moduleSizes(name, why)),
        ...[zipFile, join(dist, wheel)].map((file) => ({
            what: "download",
            where: basename(file),
            figure: kilobytes(statSync(file).size),
        })),
    ];
}

/** Names contain a hash of the content. */
const plain = (name) => name.replace(/-[0-9A-Za-z]{8}\./, "-*.").replace(/\.gz$/, "");

function size(name) {
    const bytes = readFileSync(join(built, name));
    const packed = gzipSync(bytes, { level: 9 }).length;
    const figure = `${kilobytes(bytes.length)}, ${kilobytes(packed)} with gzip`;
    return { what: "file", where: plain(name), figure };
}

function moduleSizes(name, why) {
    const packed = readFileSync(join(built, name));
    return [
        ["compressed (gzip)", packed.length],
        ["unpacked", gunzipSync(packed).length],
    ].map(([how, bytes]) => ({
        what: "wasm",
        where: `${plain(name)}, ${how}`,
        figure: kilobytes(bytes),
        aim: "under 80 kB",
        met: bytes < 80_000,
        why,
    }));
}

async function origins() {
    const args = [wasmOpt, named, "--func-metrics", ...WASM_FEATURES];
    const text = await output(process.execPath, args);
    const functions = text.matchAll(/^func: (.+)\n \[binary-bytes\] : (\d+)/gm);
    const bytes = Object.fromEntries(ORIGINS.map(([origin]) => [origin, 0]));
    for (const [, name, size] of functions) {
        bytes[ORIGINS.find(([, has]) => has.test(name))[0]] += Number(size);
    }
    bytes.data = Number(/^ \[memory-data\] +: (\d+)/m.exec(text)[1]);
    const all = sum(Object.values(bytes));
    const shares = Object.entries(bytes).map(
        ([origin, it]) => `${origin} ${Math.round((100 * it) / all)} %`,
    );
    return (
        `The browser's module by origin, before wasm-opt removes the names: ` +
        `${shares.join(", ")}. \`wasm-opt --func-metrics\` shows each function.`
    );
}

const HEATERS = 16;

/** s; the traces go back half an hour. */
const WATCHED = 2000;

/** Bytes of a reading: two numbers of 64 bits in a history, three of 32 bits in a trace. */
const SAMPLE = 16;
const MARK = 12;

/** What half an hour of temperatures takes, and what the module has for everything. */
export async function benchMemory() {
    // One of its own, in which nothing else has been.
    const wasm = await import("../../static/wasm/temp_eta.js?memory");
    const bytes = readFileSync(join(root, "static", "wasm", "temp_eta_bg.wasm"));
    const { memory } = await wasm.default({ module_or_path: bytes });
    const before = memory.buffer.byteLength;
    const rows = [2, 0.5].map((hertz) => history(wasm, hertz));
    const after = memory.buffer.byteLength;
    return [
        ...rows,
        {
            what: "wasm memory",
            where: `after loading / after ${HEATERS} heaters, including the stack`,
            figure: `${kilobytes(before)} / ${kilobytes(after)}`,
        },
    ];
}

function history(wasm, hertz) {
    const calculation = new wasm.TempEta(() => {});
    for (let second = 0; second < WATCHED; second += 1 / hertz) {
        // Wavering, so that each reading is another one.
        const reading = { actual: 100 + 50 * Math.sin(second / 300), target: 200 };
        const row = Object.fromEntries(heaters(HEATERS).map((name) => [name, reading]));
        const serverTime = 1.8e9 + second;
        // OctoPrint's stamps are whole seconds, however often the printer reports.
        const temps = [{ time: Math.floor(serverTime), ...row }];
        calculation.ingest({ serverTime, temps }, 1000 * second);
    }
    const { samples, marks } = calculation.diagnostics();
    calculation.free();
    const all = samples * SAMPLE + marks * MARK;
    return {
        what: "history and graph history, full",
        where: `${HEATERS} heaters, ${hertz} reports per second`,
        figure: `${kilobytes(all)}: ${samples} readings of ${SAMPLE} and ${marks} of ${MARK} bytes`,
        aim: "under 256 kB",
        met: all < 256_000,
        why: "The readings are counted by the module itself.",
    };
}
