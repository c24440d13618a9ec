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

const ROUNDS = 7;
const SECONDS = 6;

/** How many times slower Chromium makes the page: about a Raspberry Pi with a touch screen. */
const SLOWDOWN = 6;

/** Most of the main thread's time that the plugin may take in a tab, in ms per second. */
const MAX_COST = 20;

/** CDP's counters of the main thread, in seconds of CPU time. */
const COUNTERS = {
    script: "ScriptDuration",
    layout: "LayoutDuration",
    style: "RecalcStyleDuration",
    all: "TaskDuration",
};

/** What is open; without the plugin, a tab of OctoPrint's replaces ours. */
const VIEWS = [
    {
        view: "Temperature tab with rows and forecast, sidebar, navbar",
        tabs: ["temp_link", "temp_link"],
        aim: MAX_COST,
    },
    {
        view: "the plugin's tab with its graph, sidebar, navbar",
        tabs: ["tab_plugin_temp_eta_link", "control_link"],
        aim: MAX_COST,
    },
    {
        view: "Control tab, sidebar, navbar",
        tabs: ["control_link", "control_link"],
    },
];

/** Compares the page with the plugin to the page without it, on a slow machine. */
export function benchPage(chrome) {
    return withPrinters("page", [{}, null], (printers) =>
        withBrowser(chrome, async (browser) => {
            const rows = [];
            for (const view of VIEWS) {
                const pages = [];
                for (const [i, printer] of printers.entries()) {
                    pages.push(await slowPage(browser, printer, view.tabs[i]));
                }
                rows.push(...rowsOf(view, await compare(pages)));
                for (const { page } of pages) await page.context().close();
            }
            return rows;
        }),
    );
}

async function slowPage(browser, printer, tab) {
    const page = await openPage(browser, printer);
    await page.locator(`#${tab} a`).click();
    // Nothing is below the pointer, as on a touch screen.
    await page.mouse.move(0, 0);
    const session = await page.context().newCDPSession(page);
    // Does not count what other processes take.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    await sleep(5000);
    return { page, session };
}

/**
 * Measures both pages in turn.
 *
 * @returns {Promise<Record<string, number>[][]>} for each page and round, ms per second by counter
 */
async function compare(pages) {
    const rounds = pages.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
        for (const [i, { page, session }] of pages.entries()) {
            await page.bringToFront();
            await sleep(500);
            const before = await counters(session);
            await sleep(1000 * SECONDS);
            const after = await counters(session);
            const spent = Object.keys(COUNTERS).map((name) => [
                name,
                (1000 * (after[name] - before[name])) / SECONDS,
            ]);
            rounds[i].push(Object.fromEntries(spent));
        }
    }
    return rounds;
}

async function counters(session) {
    const { metrics } = await session.send("Performance.getMetrics");
    const values = Object.entries(COUNTERS).map(([name, counter]) => [
        name,
        metrics.find((metric) => metric.name === counter).value,
    ]);
    return Object.fromEntries(values);
}

function rowsOf({ view, aim }, [withPlugin, without]) {
    const differences = withPlugin.map((spent, round) => {
        const pairs = Object.keys(spent).map((name) => [
            name,
            spent[name] - without[round][name],
        ]);
        return Object.fromEntries(pairs);
    });
    const row = (what, rounds) => {
        const typical = (name) => median(rounds, (spent) => spent[name]);
        const parts = Object.keys(COUNTERS).map((name) => typical(name).toFixed(1));
        const [script, layout, style, all] = parts;
        const spread = range(rounds.map((spent) => spent.all));
        return {
            what: `main thread, ms per second: ${what}`,
            where: `Chromium, ${SLOWDOWN} times slower, 5 heaters; ${view}`,
            figure: `${all} (${spread}); of it script ${script}, layout ${layout}, style ${style}`,
        };
    };
    const ours = row("the plugin", differences);
    if (aim) {
        ours.aim = `at most ${aim}`;
        ours.met = median(differences, (spent) => spent.all) <= aim;
        ours.why =
            "What is not script, layout or style is mostly the fixed cost of a frame: the " +
            "countdown changes each second, OctoPrint's page otherwise only with a report.";
    }
    return [ours, row("the page without it", without)];
}
