import { setTimeout as sleep } from "node:timers/promises";
import { browserFlags } from "../setup/programs.mjs";
import { median, range } from "./numbers.mjs";
import { heatingPrinter } from "./printers.mjs";

const LOADS = 9;

/** Longest delay of our first ETA after OctoPrint's first temperature, in ms. */
const MAX_DELAY = 100;

/** Measures how long a page that is opened during a heat-up takes to show ETAs. */
export async function benchFirstEta(chrome) {
    const { chromium } = await import("@playwright/test");
    const printer = await heatingPrinter("first-eta");
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    try {
        // Now there is a history.
        await sleep(10_000);
        // For the first page OctoPrint bundles its scripts.
        const loads = [];
        for (let load = 0; load <= LOADS; load++)
            loads.push(await opened(browser, printer.url));
        return rows(loads.slice(1));
    } finally {
        await browser.close();
        await printer.stop();
    }
}

/** Opens the page in a new context, with an empty cache. */
async function opened(browser, url) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 1100 } });
    try {
        const page = await context.newPage();
        await page.addInitScript(watch);
        await page.goto(url);
        const seen = () => {
            const { bench } = globalThis;
            // Entries may be reported late.
            const [file] = performance
                .getEntriesByType("resource")
                .filter(({ name }) => name.includes(".wasm"));
            if (!bench.eta || !bench.shown || !file) return null;
            return { ...bench, fetched: file.responseEnd - file.startTime };
        };
        return await (await page.waitForFunction(seen)).jsonValue();
    } finally {
        await context.close();
    }
}

/** Runs in the page before its scripts; times in ms since navigation started. */
function watch() {
    const seen = {};
    globalThis.bench = seen;

    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...given) => {
        const begun = performance.now();
        const made = await instantiate(...given);
        seen.compiled = performance.now() - begun;
        return made;
    };

    const received = ({ data }) => {
        if (/"history":/.test(data)) seen.received ??= performance.now();
    };
    globalThis.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", received);
        }
    };

    const has = (places, text) =>
        [...document.querySelectorAll(places)].some((it) => text.test(it.textContent));
    const look = () => {
        // Before the first message OctoPrint shows 0.0 °C.
        const there = has("#temperature-table .temperature_actual", /[1-9]/);
        if (there) seen.shown ??= performance.now();
        if (has(".temp-eta-time", /\d:\d\d/)) seen.eta ??= performance.now();
        if (seen.shown && seen.eta) observer.disconnect();
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, characterData: true, subtree: true });
}

function rows(loads) {
    const where = `${LOADS} loads, nothing cached; median and range`;
    const of = (key) => loads.map((load) => load[key]);
    const since = (key) => loads.map((load) => load.eta - load[key]);
    const figure = (times) => `${median(times).toFixed(0)} ms (${range(times, 0)})`;
    const wasm =
        `fetched in ${median(of("fetched")).toFixed(1)} ms, ` +
        `compiled in ${median(of("compiled")).toFixed(1)} ms`;
    const behind = since("shown");
    return [
        {
            what: "first ETA, after OctoPrint's own first temperature",
            where,
            figure: figure(behind),
            aim: `within ${MAX_DELAY} ms`,
            met: median(behind) <= MAX_DELAY,
            why: `The wasm is ${wasm} while the page is busy with its start.`,
        },
        {
            what: "first ETA, after the page receives temperatures",
            where,
            figure: figure(since("received")),
        },
        {
            what: "first ETA, after the page starts loading",
            where,
            figure: figure(of("eta")),
        },
        { what: "wasm load", where, figure: wasm },
    ];
}
