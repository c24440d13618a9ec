import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { build } from "esbuild";
import { readingsOf, readTraces } from "../accuracy/traces.mjs";
import { TARGETS } from "../build/browsers.mjs";
import { nodeModules, root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { contentHash } from "../run/stamp.mjs";
import { checkBundled } from "../third-party/licenses.mjs";

const source = join(root, "docs", "try");
const built = join(root, "static", "built");

/** The name of the browser's wasm module in a release. */
const RELEASED = /^(temp_eta-[0-9a-f]{8}\.wasm)\.gz$/;

/** Writes the files of the page "Try it here" into the folder of the built site. */
export async function buildTry(site) {
    const folder = join(site, "try");
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
        // Removes files of an earlier build; mkdocs writes only the page.
        if (!name.startsWith("index.")) rmSync(join(folder, name), { recursive: true });
    }
    const wasm = releasedWasm();
    writeFileSync(join(folder, wasm.name), wasm.bytes);
    writeFileSync(join(folder, "THIRD-PARTY.txt"), licences());
    const text = JSON.stringify(recordings());
    const recordingsFile = `recordings-${contentHash(text)}.json`;
    writeFileSync(join(folder, recordingsFile), text);
    await bundle(folder, {
        WASM_FILE: JSON.stringify(wasm.name),
        RECORDINGS_FILE: JSON.stringify(recordingsFile),
    });
}

/** The module of the release, unpacked, which must match the built wasm-bindgen script. */
function releasedWasm() {
    const packed = readdirSync(built).filter((name) => RELEASED.test(name));
    if (packed.length !== 1) throw new Failure("There is no build: run npm run build.");
    const bytes = gunzipSync(readFileSync(join(built, packed[0])));
    const compiled = readFileSync(join(root, "static", "wasm", "temp_eta_bg.wasm"));
    if (!bytes.equals(compiled)) {
        throw new Failure("static/built is of another build: run npm run build.");
    }
    return { name: RELEASED.exec(packed[0])[1], bytes };
}

/** The licences of the module and of the charting library. */
function licences() {
    const module = readFileSync(join(root, "THIRD-PARTY.txt"), "utf8");
    const uplot = readFileSync(join(nodeModules, "uplot", "LICENSE"), "utf8");
    return `${module.trimEnd()}\n\n${"=".repeat(78)}\nuPlot\n\n${uplot}`;
}

/** The recordings by column, which is half the size of rows. */
function recordings() {
    const printers = readTraces().map(({ readings, events }) => {
        const heaters = [...new Set(readings.map(({ heater }) => heater))];
        const numbers = readings.map(({ line }) => line.split(",").map(Number));
        return {
            heaters,
            heater: readings.map(({ heater }) => heaters.indexOf(heater)),
            time: numbers.map(([time]) => time),
            actual: numbers.map(([, , actual]) => actual),
            target: numbers.map(([, , , target]) => target),
            events: events.map(({ file, ...event }) => {
                const own = readingsOf(event, readings);
                return { ...event, from: own[0].time, until: own.at(-1).time };
            }),
        };
    });
    return { printers };
}

async function bundle(outdir, define) {
    const { warnings, metafile } = await build({
        absWorkingDir: root,
        metafile: true,
        entryPoints: [
            { in: join(source, "page.js"), out: "try" },
            { in: join(source, "try.css"), out: "try" },
        ],
        outdir,
        bundle: true,
        format: "esm",
        minify: true,
        charset: "utf8",
        legalComments: "none",
        target: TARGETS,
        logLevel: "warning",
        define,
    });
    if (warnings.length) throw new Failure("The replay has warnings, see above.");
    checkBundled(metafile, licences());
}
