import { readFileSync } from "node:fs";
import http from "node:http";
import { extname, join } from "node:path";
import { root } from "../paths.mjs";
import { browserFlags } from "../setup/browser.mjs";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** How long the shipped wasm takes in Chromium and in Node, a socket message at a time. */
export async function benchModule(chrome) {
    console.log(
        "One message with 5 heaters, heating, and a full minute of history; all algorithms.",
    );
    console.log("Microseconds a call: median of 50 rounds of 200, and the best round.\n");
    report("Node", await inNode());
    report("Chromium", await inChromium(chrome));
}

function report(where, rounds) {
    const column = (number) => number.toFixed(1).padStart(8);
    for (const [what, times] of Object.entries(rounds)) {
        const sorted = times.toSorted((a, b) => a - b);
        const median = sorted[sorted.length >> 1];
        console.log(
            `${where.padEnd(9)} ${what.padEnd(32)}${column(median)} ${column(sorted[0])}`,
        );
    }
}

async function inNode() {
    const wasm = await import("../../static/wasm/temp_eta.js");
    const bytes = readFileSync(join(root, "static", "wasm", "temp_eta_bg.wasm"));
    await wasm.default({ module_or_path: bytes });
    return measure(wasm);
}

async function inChromium(executablePath) {
    const { chromium } = await import("playwright-core");
    const server = await serveStatic();
    const browser = await chromium.launch({ executablePath, args: browserFlags });
    try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        return await page.evaluate(async (source) => {
            const wasm = await import("/wasm/temp_eta.js");
            await wasm.default();
            return new Function(`return ${source}`)()(wasm);
        }, measure.toString());
    } finally {
        await browser.close();
        server.close();
    }
}

function serveStatic() {
    const server = http.createServer(({ url }, response) => {
        // The empty page itself, and what the browser asks for unbidden, are no files.
        const type = TYPES[extname(url)];
        response.setHeader("Content-Type", type ?? "text/html");
        response.end(type ? readFileSync(join(root, "static", url)) : "");
    });
    return new Promise((resolve) => {
        server.listen(0, "127.0.0.1", () => resolve(server));
    });
}

/** Runs in Node and in the page alike, so it knows nothing but its argument. */
function measure(wasm) {
    const heaters = ["tool0", "tool1", "tool2", "bed", "chamber"];
    let second = 0;
    const calculation = new wasm.TempEta(() => {});
    const next = () => {
        second += 1;
        // A heat-up an hour long: it never arrives within the benchmark.
        const actual = 20 + 400 * (1 - Math.exp(-(second % 3000) / 3000));
        const sample = { time: 1.8e9 + second };
        for (const heater of heaters) sample[heater] = { actual, target: 450 };
        const flags = { operational: true };
        return {
            serverTime: 1.8e9 + second + 0.3,
            temps: [sample],
            state: { flags },
        };
    };
    const timed = (work) => {
        const times = [];
        for (let round = 0; round < 50; round++) {
            const messages = Array.from({ length: 200 }, next);
            const start = performance.now();
            for (const message of messages) work(message);
            times.push(((performance.now() - start) * 1000) / messages.length);
        }
        return times;
    };
    const now = () => second * 1000;
    for (let i = 0; i < 60; i++) calculation.ingest(next(), now());
    const ingest = (message) => calculation.ingest(message, now());
    const rounds = {
        ingest: timed(ingest),
        "ingest + snapshot": timed((message) => {
            ingest(message);
            calculation.snapshot(now());
        }),
    };
    calculation.free();
    return rounds;
}
