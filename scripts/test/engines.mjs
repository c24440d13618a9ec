import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { version } from "../package/artefacts.mjs";
import { cache } from "../paths.mjs";
import { stopping } from "../run/process-group.mjs";
import { writeSection } from "../sections.mjs";
import { engines, installEngines } from "../setup/engines.mjs";
import { outcomes, table } from "./results.mjs";
import { playwright } from "./runners.mjs";

const all = Object.values(engines);
const report = join(cache, "engines.json");

/** Number of processes. They wait for heaters, but a WebKit without a GPU keeps a core busy. */
const WORKERS = 2;

/** Limits the run to this engine, for work on a test. */
const only = process.env.TEMP_ETA_ENGINE;

/**
 * Tests the page in all browser engines that are there and prints a table; a complete run also
 * writes docs/compatibility.md.
 */
export async function inEngines({ all: whole, env, ...options }) {
    // Other kinds of tests do not wait for this, as these packages are large.
    const installed = await installEngines({ whole: whole || only });
    const names = installed.filter((name) => !only || name === only);
    rmSync(report, { force: true });
    const tested = await playwright(projects(names, whole), {
        ...options,
        args: [`--workers=${WORKERS}`],
        env: { ...env, TEMP_ETA_ENGINES: names.join(" "), TEMP_ETA_RESULTS: report },
    });
    if (!existsSync(report)) return tested;
    const results = JSON.parse(readFileSync(report, "utf8"));
    const smoke = outcomes(results, "smoke-").map(withTitle);
    const e2e = outcomes(results, "e2e-").map(withTitle);
    const old = outcomes(results, "old").map(byVersion);
    const columns = [
        ...new Set([...all.map(({ title }) => title), ...old.map(({ suite }) => suite)]),
    ];
    const made = table([...smoke, ...byFile(e2e), ...old], columns, "–");
    console.log(`\n${made}\n\n${durations([...smoke, ...e2e, ...old], columns)}`);
    const isTable = whole && names.length === all.length && !options.only;
    if (isTable && !tested.failed && !stopping()) {
        const about = surroundings(smoke);
        writeSection("docs/compatibility.md", "test:engines", `${about}\n\n${made}`);
    }
    return tested;
}

/** Playwright's projects. A part of a run has only what every browser must do. */
function projects(names, whole) {
    const byPlaywright = names.filter((name) => engines[name].isPlaywrights);
    const e2e = byPlaywright.map((name) => `e2e-${name}`);
    const smoke = (names) => names.map((name) => `smoke-${name}`);
    if (only) return [...smoke(names), ...e2e];
    if (whole) return [...smoke(names), ...e2e, "old"];
    return smoke(names.length ? names : ["chromium"]);
}

const withTitle = (result) => ({ ...result, suite: engines[result.suite].title });

/** The tests in old Chromiums have the version in their names. */
function byVersion(result) {
    const [, suite, name] = /^(Chromium \d+) (.*)$/.exec(result.name);
    return { ...result, suite, name: name[0].toUpperCase() + name.slice(1) };
}

/** One result for all tests of a file in an engine. */
export function byFile(results) {
    const groups = new Map();
    for (const result of results) {
        const key = `${result.file} ${result.suite}`;
        groups.set(key, [...(groups.get(key) ?? []), result]);
    }
    return [...groups.values()].map((group) => {
        const [{ suite, file }] = group;
        const passed = group.filter(({ outcome }) => outcome === "passed").length;
        const some = passed === group.length ? passed : `${passed} of ${group.length}`;
        const name = `Browser tests: ${basename(file, ".test.mjs")}`;
        const others = group.filter(({ outcome }) => outcome.startsWith("n/a"));
        const notes = others.map((it) => `${it.name}: ${it.outcome.slice(5)}`);
        return { suite, name, outcome: `${some} passed`, notes };
    });
}

/** How long the tests of each engine took, without the setup. */
const durations = (results, titles) =>
    titles
        .map((title) => {
            const own = results.filter(({ suite }) => suite === title);
            const seconds = own.reduce((sum, it) => sum + it.seconds, 0);
            return `${title}: ${own.length} tests in ${Math.round(seconds)} s`;
        })
        .join("\n");

/** What was tested, and in which browsers. */
function surroundings(results) {
    const browsers = results.flatMap(({ suite, browser }) =>
        browser.map((text) => `- ${suite} ${text}`),
    );
    const today = new Date().toISOString().slice(0, 10);
    return [`- TempETA ${version()}, on ${today}`, ...browsers].join("\n");
}
