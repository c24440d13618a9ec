import { readFileSync } from "node:fs";
import http from "node:http";
import { extname, join } from "node:path";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { browserFlags } from "../setup/programs.mjs";
import {
    ALGORITHMS,
    ENDS,
    GROWING,
    MANY,
    measure,
    READINGS,
    TRACES,
} from "./measure.mjs";
import { native } from "./native.mjs";
import { line, list, median, percent, range } from "./numbers.mjs";

/** Number of passes through Node, Chromium and native code. */
const PASSES = 3;

/** Rounds of a pass; the first ones are slower, until the code is optimized. */
const ROUNDS = 10;

/** The core's limit of heaters. */
const MOST_HEATERS = 32;

/** Tolerated deviation from a line or a constant. */
const SLACK = 0.1;

const TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
};

/** Measures the built wasm in Chromium and Node, and the same code natively. */
export async function benchModule(chrome) {
    const passes = [];
    for (let pass = 1; pass <= PASSES; pass++) {
        console.log(`Node, Chromium, native: pass ${pass} of ${PASSES} ...`);
        const one = {
            Node: await inNode(),
            Chromium: await inChromium(chrome),
            native: await native(),
        };
        needSame(one);
        passes.push(one);
    }
    const time = (where, name) => median(passes.map((it) => middle(it, where, name)));
    return [...calls(time), ...limits(passes, time), ...growth(passes, time)];
}

/** The medians of a pass; criterion's results are medians already. */
function middle(pass, where, name) {
    return median([pass[where].times[name]].flat());
}

/** Checks that all three have the same results. */
function needSame({ Node, Chromium, native }) {
    const all = [Node.remaining, Chromium.remaining, native.remaining.at(-1)];
    if (!all.every((it) => it > 0 && Math.abs(it / all[0] - 1) < 1e-6)) {
        throw new Failure(`Not the same was calculated: ${all.join(", ")} s remain.`);
    }
}

function calls(time) {
    const rows = [];
    const each = MANY.join(" / ");
    for (const where of ["Chromium", "Node", "native"]) {
        const add = (what, name, many = MANY) => {
            const figure = `${list(many.map((it) => time(where, name(it))))} µs`;
            const heaters = many.length > 1 ? `${each} heaters` : "1 heater";
            rows.push({ what, where: `${where}, ${heaters}`, figure });
        };
        add("ingest", (it) => `ingest ${it}`);
        for (const algorithm of ALGORITHMS) {
            const many = where === "native" ? [1] : MANY;
            add(`estimate, ${algorithm}`, (it) => `estimate ${it} ${algorithm}`, many);
        }
        add("snapshot", (it) => `snapshot ${it}`);
        add("ingest + snapshot", (it) => `both ${it}`);
    }
    return rows;
}

function limits(passes, time) {
    const took = time("Chromium", "both 5");
    const best = Math.min(...passes.flatMap(({ Chromium }) => Chromium.times["both 5"]));
    const against = (where) =>
        passes.map((it) => middle(it, where, "both 5") / middle(it, "native", "both 5"));
    const ratio = median(against("Chromium"));
    const part = (name) => `${time("Chromium", name).toFixed(1)} µs`;
    const parts =
        `Of these, Adaptive takes ${part("estimate 5 adaptive")}, ` +
        `Exponential ${part("estimate 5 exponential")}, Linear ${part("estimate 5 linear")}, ` +
        `the snapshot ${part("snapshot 5")}; natively everything takes ` +
        `${time("native", "both 5").toFixed(1)} µs.`;
    return [
        {
            what: "ingest + snapshot",
            where: "Chromium, 5 heaters",
            figure: `${took.toFixed(1)} µs, at best ${best.toFixed(1)} µs`,
            aim: "under 20 µs",
            met: took < 20,
            why: parts,
        },
        {
            what: "the same against native",
            where: `Chromium, 5 heaters, median of ${PASSES} passes`,
            figure: `${ratio.toFixed(2)} times (${list(against("Chromium"), 2)})`,
            aim: "within 3 times",
            met: ratio <= 3,
            why: parts,
        },
        {
            what: "the same against native",
            where: `Node, 5 heaters, median of ${PASSES} passes`,
            figure: `${median(against("Node")).toFixed(2)} times`,
        },
    ];
}

function growth(passes, time) {
    const where = "Chromium, ingest + snapshot";
    const both = (many) => time("Chromium", `both ${many}`);
    const followed = GROWING.filter((many) => many <= MOST_HEATERS);
    const { a, b, off } = line(followed.map((many) => [many, both(many)]));
    const most = GROWING.at(-1);
    const full = both(most) / both(MOST_HEATERS);
    const [readings, traces] = [grown("readings", READINGS), grown("traces", TRACES)];
    const estimates = ALGORITHMS.map((name) => {
        const took = ENDS.map((it) =>
            time("Chromium", `estimate readings ${it} ${name}`),
        );
        return `${name} ${list(took)} µs`;
    });
    const constant = (what, how, { times, ratios }, why) => ({
        what: `growth with ${what}`,
        where: `${where}, 5 heaters, ${how}`,
        figure: `${list(times)} µs, ${median(ratios).toFixed(2)} times`,
        aim: `constant, within ${percent(SLACK)}`,
        met: median(ratios) <= 1 + SLACK,
        why: `In individual rounds ${range(ratios, 2)} times. ${why}`.trim(),
    });
    return [
        {
            what: "growth with heaters",
            where: `${where}, ${followed.join(" / ")} heaters`,
            figure:
                `${list(followed.map(both))} µs; ${b.toFixed(2)} µs per heater plus ` +
                `${a.toFixed(2)} µs, within ${percent(off)} of that line`,
            aim: `linear, within ${percent(SLACK)}`,
            met: off <= SLACK,
            why: "The line was fitted to these times.",
        },
        {
            what: "growth with heaters",
            where: `${where}, ${most} heaters; the last ${most - MOST_HEATERS} are ignored`,
            figure: `${both(most).toFixed(1)} µs, ${full.toFixed(2)} times that of ${MOST_HEATERS}`,
            aim: "no more than that line",
            met: both(most) <= a + b * most,
            why: "Ignoring costs more than tracking.",
        },
        constant(
            "the history",
            `${READINGS.join(" / ")} readings each`,
            readings,
            "The curves are fitted to every reading of the last minute. " +
                `With ${ENDS.join(" / ")} readings the algorithms take: ` +
                `${estimates.join("; ")}. OctoPrint's timestamps are whole seconds, so there ` +
                "are no more than 60.",
        ),
        constant("the graph history", "empty / full with half an hour", traces, ""),
    ];

    /** Ratios of the last to the first in each round, as disturbances affect both. */
    function grown(name, numbers) {
        const times = numbers.map((it) => time("Chromium", `${name} ${it}`));
        const ratios = passes.flatMap(({ Chromium }) => {
            const [first, last] = [numbers[0], numbers.at(-1)].map(
                (it) => Chromium.times[`${name} ${it}`],
            );
            return last.map((it, round) => it / first[round]);
        });
        return { times, ratios };
    }
}

async function inNode() {
    const wasm = await import("../../static/wasm/temp_eta.js");
    const bytes = readFileSync(join(root, "static", "wasm", "temp_eta_bg.wasm"));
    await wasm.default({ module_or_path: bytes });
    // The module's clock for time measurements; only set meanwhile, as other code would take
    // Node for a browser.
    globalThis.Window = Object;
    try {
        return measure(wasm, ROUNDS);
    } finally {
        delete globalThis.Window;
    }
}

async function inChromium(executablePath) {
    const { chromium } = await import("@playwright/test");
    const server = await serve();
    const browser = await chromium.launch({ executablePath, args: browserFlags });
    try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        return await page.evaluate(async (rounds) => {
            const wasm = await import("/static/wasm/temp_eta.js");
            await wasm.default();
            const { measure } = await import("/scripts/bench/measure.mjs");
            return measure(wasm, rounds);
        }, ROUNDS);
    } finally {
        await browser.close();
        server.close();
    }
}

function serve() {
    const server = http.createServer(({ url }, response) => {
        // The empty page and the browser's own requests have no file.
        const type = TYPES[extname(url)];
        response.setHeader("Content-Type", type ?? "text/html");
        // Isolated pages have a clock resolution of 5 µs, others of 100 µs.
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
        response.end(type ? readFileSync(join(root, url)) : "");
    });
    return new Promise((resolve) => {
        server.listen(0, "127.0.0.1", () => resolve(server));
    });
}
