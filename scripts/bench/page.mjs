import { setTimeout as sleep } from "node:timers/promises";
import { browserFlags } from "../setup/programs.mjs";
import { median } from "./numbers.mjs";
import { heatingPrinter } from "./printers.mjs";

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
export async function benchPage(chrome) {
    const { chromium } = await import("@playwright/test");
    const printers = [
        await heatingPrinter("with"),
        await heatingPrinter("without", { plugin: false }),
    ];
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    const rows = [];
    try {
        for (const [view, tabs] of Object.entries(VIEWS)) {
            const pages = [];
            for (const [i, { url }] of printers.entries()) {
                pages.push(await open(browser, url, tabs[i]));
            }
            rows.push(...rowsOf(view, await compare(pages)));
            for (const { page } of pages) await page.close();
        }
    } finally {
        await browser.close();
        for (const octoprint of printers) await octoprint.stop();
    }
    return rows;
}

async function open(browser, url, tab) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
    await page.goto(url);
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    await page.locator(`#${tab} a`).click();
    await sleep(5000);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    return { page, session };
}

/** Measures both pages in turn, several rounds, with the other one hidden. */
async function compare(pages) {
    const rounds = pages.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
        for (const [i, { page, session }] of pages.entries()) {
            await page.bringToFront();
            await sleep(500);
            const before = await counters(session);
            await sleep(1000 * SECONDS);
            const after = await counters(session);
            const spent = {};
            for (const name of Object.keys(COUNTERS)) {
                spent[name] = (1000 * (after[name] - before[name])) / SECONDS;
            }
            rounds[i].push(spent);
        }
    }
    return rounds.map((all) =>
        Object.fromEntries(
            Object.keys(COUNTERS).map((name) => [
                name,
                median(all.map((it) => it[name])),
            ]),
        ),
    );
}

async function counters(session) {
    const { metrics } = await session.send("Performance.getMetrics");
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    return Object.fromEntries(
        Object.entries(COUNTERS).map(([name, metric]) => [name, value(metric)]),
    );
}

function rowsOf(view, [withPlugin, without]) {
    const names = Object.keys(COUNTERS);
    const figure = (value) => names.map((name) => `${name} ${value(name).toFixed(1)}`);
    const row = (what, value) => ({
        what: `main thread, ms per second: ${what}`,
        where: `Chromium, 5 heaters; ${view}`,
        figure: figure(value).join(", "),
    });
    return [
        row("the plugin", (name) => withPlugin[name] - without[name]),
        row("the page without it", (name) => without[name]),
    ];
}
