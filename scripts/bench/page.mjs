import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache } from "../paths.mjs";
import { browserFlags } from "../setup/browser.mjs";

const ROUNDS = 3;
const SECONDS = 10;

/** CDP's counters of the main thread, in seconds since the page was opened. */
const COUNTERS = {
    script: "ScriptDuration",
    layout: "LayoutDuration",
    style: "RecalcStyleDuration",
    all: "TaskDuration",
};

/** What is looked at, and the tab of OctoPrint's that stands for ours where there is none. */
const VIEWS = {
    "Temperature tab, rows, sidebar, navbar, forecast": ["temp_link", "temp_link"],
    "our tab with its graph, sidebar, navbar": [
        "tab_plugin_temp_eta_link",
        "control_link",
    ],
};

/** What the plugin costs the page, beside the same page without it. */
export async function benchPage(chrome) {
    const { chromium } = await import("playwright-core");
    const printers = await Promise.all([printer("with"), printer("without")]);
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    try {
        console.log(
            "Main thread of the page in Chromium, five heaters heating, a report each 2 s.",
        );
        console.log(`ms a second: median of ${ROUNDS} rounds of ${SECONDS} s.`);
        for (const [what, tabs] of Object.entries(VIEWS)) {
            const pages = [];
            for (const [i, { url }] of printers.entries()) {
                pages.push(await open(browser, url, tabs[i]));
            }
            report(what, await compare(pages));
            for (const { page } of pages) await page.close();
        }
    } finally {
        await browser.close();
        for (const octoprint of printers) await octoprint.stop();
    }
}

/** An OctoPrint with or without the plugin, heating for longer than the benchmark takes. */
async function printer(name) {
    const octoprint = await startOctoPrint({
        basedir: join(cache, `bench-${name}`),
        timeScale: 0.2,
        config: {
            plugins: {
                _disabled: name === "without" ? ["temp_eta"] : [],
                virtual_printer: { numExtruders: 3 },
            },
        },
    });
    await octoprint.useTools(3);
    const targets = { tool0: 240, tool1: 230, tool2: 220 };
    await octoprint.api("printer/tool", { command: "target", targets });
    await octoprint.api("printer/bed", { command: "target", target: 110 });
    await octoprint.api("printer/chamber", { command: "target", target: 60 });
    return octoprint;
}

async function open(browser, url, tab) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
    await page.goto(url);
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    await page.locator(`#${tab} a`).click();
    await sleep(8000);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    return { page, session };
}

/** Rounds of each page in turn, the other one hidden behind it. */
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

function median(numbers) {
    return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function report(what, [withPlugin, without]) {
    const line = (name, numbers) => {
        const columns = Object.keys(COUNTERS).map((key) => numbers[key].toFixed(1));
        console.log(
            `  ${name.padEnd(16)}${columns.map((it) => it.padStart(9)).join("")}`,
        );
    };
    const names = Object.keys(COUNTERS).map((key) => key.padStart(9));
    console.log(`\n${what}\n  ${" ".repeat(16)}${names.join("")}`);
    line("with", withPlugin);
    line("without", without);
    const cost = Object.keys(COUNTERS).map((key) => [
        key,
        withPlugin[key] - without[key],
    ]);
    line("cost", Object.fromEntries(cost));
}
