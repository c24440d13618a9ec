import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { heaters } from "./messages.mjs";
import { kilobytes } from "./numbers.mjs";

const HEATERS = 16;

/** Simulated time in s; the graph histories hold half an hour. */
const DURATION = 2000;

/** Bytes of a reading in the history (two f64) and of a point in the graph history (three f32). */
const SAMPLE_SIZE = 16;
const GRAPH_POINT_SIZE = 12;

/** Measures the memory of half an hour of readings, and that of the whole module. */
export async function benchMemory() {
    // A new instance, not used for anything else.
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
            where: `after loading / after ${HEATERS} heaters, stack and all`,
            figure: `${kilobytes(before)} / ${kilobytes(after)}`,
        },
    ];
}

/** OctoPrint's timestamps are whole seconds, however often the printer reports. */
function history(wasm, hertz) {
    const calculation = new wasm.TempEta(() => {});
    const names = heaters(HEATERS);
    for (let second = 0; second < DURATION; second += 1 / hertz) {
        // Varies, so that all readings differ.
        const reading = { actual: 100 + 50 * Math.sin(second / 300), target: 200 };
        const row = Object.fromEntries(names.map((name) => [name, reading]));
        const serverTime = 1.8e9 + second;
        const temps = [{ time: Math.floor(serverTime), ...row }];
        calculation.ingest({ serverTime, temps }, 1000 * second);
    }
    const { samples, marks } = calculation.diagnostics();
    calculation.free();
    const all = samples * SAMPLE_SIZE + marks * GRAPH_POINT_SIZE;
    return {
        what: "history and traces, full",
        where: `${HEATERS} heaters, ${hertz} reports a second`,
        figure: `${kilobytes(all)}: ${samples} readings of ${SAMPLE_SIZE} and ${marks} of ${GRAPH_POINT_SIZE} bytes`,
        aim: "under 256 kB",
        met: all < 256_000,
        why: "The readings are counted by the module itself.",
    };
}
