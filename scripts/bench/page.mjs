import { setTimeout as sleep } from "node:timers/promises";
import { median } from "d3-array";
import { openPage, withBrowser, withPrinters } from "./browser.mjs";
import { range } from "./report.mjs";

const LOADS = 9;

/** Longest delay of our first ETA after OctoPrint's first temperature, in ms. */
const MAX_DELAY = 100;

/** Measures how long a page that is opened during a heat-up takes to show ETAs. */
export function benchFirstEta(chrome) {
    return withPrinters("first-eta", [{}], async ([printer]) => {
        // Now there is a history.
        await sleep(10_000);
        const loads = [];
        // For the first page OctoPrint bundles its scripts.
        for (let i = 0; i <= LOADS; i++) loads.push(await load(chrome, printer));
        return firstEta(loads.slice(1));
    });
}

/** Opens the page with an empty cache; resolves to times in ms since navigation started. */
async function load(chrome, printer) {
    const seen = () => {
        const { bench } = globalThis;
        // Entries may be reported late.
        const [file] = performance
            .getEntriesByType("resource")
            .filter(({ name }) => name.includes(".wasm"));
        if (!bench.eta || !bench.shown || !file) return null;
        return { ...bench, fetched: file.responseEnd - file.startTime };
    };
    return withBrowser(chrome, async (browser) => {
        const page = await openPage(browser, printer, (it) => it.addInitScript(watch));
        return (await page.waitForFunction(seen)).jsonValue();
    });
}

/** Runs in the page before its scripts. */
function watch() {
    const seen = {};
    globalThis.bench = seen;
    globalThis.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({ data }) => {
                if (/"history":/.test(data)) seen.received ??= performance.now();
            });
        }
    };
    const has = (places, text) =>
        [...document.querySelectorAll(places)].some((it) => text.test(it.textContent));
    const observer = new MutationObserver(() => {
        // Before the first message OctoPrint shows 0.0 °C.
        const there = has("#temperature-table .temperature_actual", /[1-9]/);
        if (there) seen.shown ??= performance.now();
        if (has(".temp-eta-time", /\d:\d\d/)) seen.eta ??= performance.now();
        if (seen.shown && seen.eta) observer.disconnect();
    });
    observer.observe(document, { childList: true, characterData: true, subtree: true });
}

function firstEta(loads) {
    const row = (what, times) => ({
        what,
        where: `${LOADS} loads, nothing cached; median and range`,
        figure: `${median(times).toFixed(0)} ms (${range(times, 0)})`,
    });
    const since = (key) => loads.map((load) => load.eta - load[key]);
    const all = (key) => loads.map((load) => load[key]);
    return [
        {
            ...row("first ETA, after OctoPrint's own first temperature", since("shown")),
            aim: `within ${MAX_DELAY} ms`,
            met: median(since("shown")) <= MAX_DELAY,
            why: "The wasm loads while the page is busy with its start.",
        },
        row("first ETA, after the page receives temperatures", since("received")),
        row("first ETA, after the page starts loading", all("eta")),
        row("fetching the wasm", all("fetched")),
    ];
}

const ROUNDS = 3;
const SECONDS = 8;

/** CDP's counters of the main thread, in seconds since the page was opened. */
const COUNTERS = {
    script: "ScriptDuration",
    layout: "LayoutDuration",
    style: "RecalcStyleDuration",
    all: "TaskDuration",
};

/** The tabs; without the plugin, a tab of OctoPrint's replaces ours. */
const VIEWS = {
    "Temperature tab with rows and forecast, sidebar, navbar": ["temp_link", "temp_link"],
    "the plugin's tab with its graph, sidebar, navbar": [
        "tab_plugin_temp_eta_link",
        "control_link",
    ],
};

/** Compares the page with the plugin to the page without it. */
export function benchPage(chrome) {
    return withPrinters("page", [{}, null], (printers) =>
        withBrowser(chrome, async (browser) => {
            const rows = [];
            for (const [view, tabs] of Object.entries(VIEWS)) {
                const pages = [];
                for (const [i, printer] of printers.entries()) {
                    pages.push(await watched(browser, printer, tabs[i]));
                }
                rows.push(...rowsOf(view, await compare(pages)));
                for (const { page } of pages) await page.close();
            }
            return rows;
        }),
    );
}

async function watched(browser, printer, tab) {
    const page = await openPage(browser, printer);
    await page.locator(`#${tab} a`).click();
    await sleep(5000);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    return { page, session };
}

/** Measures both pages in turn, several rounds: ms per second by counter. */
async function compare(pages) {
    const rounds = pages.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
        for (const [i, { page, session }] of pages.entries()) {
            await page.bringToFront();
            await sleep(500);
            const before = await counters(session);
            await sleep(1000 * SECONDS);
            const after = await counters(session);
            rounds[i].push((name) => (1000 * (after(name) - before(name))) / SECONDS);
        }
    }
    return rounds.map((all) => (name) => median(all, (spent) => spent(name)));
}

async function counters(session) {
    const { metrics } = await session.send("Performance.getMetrics");
    return (name) => metrics.find((metric) => metric.name === name).value;
}

function rowsOf(view, [withPlugin, without]) {
    const row = (what, value) => ({
        what: `main thread, ms per second: ${what}`,
        where: `Chromium, 5 heaters; ${view}`,
        figure: Object.entries(COUNTERS)
            .map(([name, counter]) => `${name} ${value(counter).toFixed(1)}`)
            .join(", "),
    });
    return [
        row("the plugin", (name) => withPlugin(name) - without(name)),
        row("the page without it", without),
    ];
}
