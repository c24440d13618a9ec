import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { heaters } from "./messages.mjs";
import { kilobytes } from "./numbers.mjs";

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

/** OctoPrint's stamps are whole seconds, however often the printer reports. */
function history(wasm, hertz) {
    const calculation = new wasm.TempEta(() => {});
    const names = heaters(HEATERS);
    for (let second = 0; second < WATCHED; second += 1 / hertz) {
        // Wavering, so that each reading is another one.
        const reading = { actual: 100 + 50 * Math.sin(second / 300), target: 200 };
        const row = Object.fromEntries(names.map((name) => [name, reading]));
        const serverTime = 1.8e9 + second;
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
