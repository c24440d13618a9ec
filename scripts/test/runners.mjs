// Each function runs tests, shows their output and resolves to their results:
// { passed, failed, tests: [{ name, seconds }] }
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { filesBelow } from "../run/stamp.mjs";

const playwrightCli = join(nodeModules, "@playwright", "test", "cli.js");

/** Playwright's output folder, screenshots included. */
const failures = join(cache, "failures");

let reports = 0;

/** Runs cargo, or a program that prints a line of results for each binary as well. */
export async function cargo(program, args) {
    const output = await shown(program, args);
    const lines = [
        ...output.text.matchAll(/^test result: .* (\d+) passed; (\d+) failed/gm),
    ];
    const total = (i) => lines.reduce((sum, line) => sum + Number(line[i]), 0);
    return checked(output, { passed: total(1), failed: total(2), tests: [] });
}

/** Runs the tests in a folder below tests/ with Node. */
export function node(folder, env) {
    const files = filesBelow(join(root, "tests", folder)).filter((file) =>
        file.endsWith(".test.mjs"),
    );
    return reported((report) => [
        process.execPath,
        [
            ...["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"],
            ...["--test-reporter=junit", `--test-reporter-destination=${report}`],
            ...files,
        ],
        env,
    ]);
}

/**
 * Runs Playwright tests.
 *
 * @param {string[]} projects of playwright.config.mjs
 * @param {object} how
 * @param {number} [how.repeat] how many times each test runs
 * @param {string} [how.only] a part of the names of the files that run
 */
export function playwright(projects, { env, repeat = 1, only, args = [] }) {
    return reported((report) => [
        process.execPath,
        [
            ...[playwrightCli, "test", ...(only ? [only] : [])],
            ...projects.map((name) => `--project=${name}`),
            ...[`--repeat-each=${repeat}`, ...args],
        ],
        { ...env, TEMP_ETA_REPORT: report },
    ]);
}

export function pytest(args, { env, repeat = 1, only, python = venvPython } = {}) {
    return reported((report) => [
        python,
        [
            ...["-m", "pytest", "-o", `cache_dir=${join(cache, "pytest")}`],
            ...(repeat > 1 ? [`--count=${repeat}`] : []),
            ...(only ? ["-k", only] : []),
            ...[`--junitxml=${report}`, ...args],
        ],
        env,
    ]);
}

/** The sum of several results. */
export function sum(results) {
    const total = (key) => results.reduce((all, result) => all + result[key], 0);
    const tests = results.flatMap((result) => result.tests);
    return { passed: total("passed"), failed: total("failed"), tests };
}

async function reported(command) {
    const folder = join(cache, "reports");
    const report = join(folder, `${++reports}.xml`);
    mkdirSync(folder, { recursive: true });
    rmSync(report, { force: true });
    const [program, args, env] = command(report);
    const output = await shown(program, args, { env });
    return checked(output, junit(existsSync(report) ? readFileSync(report, "utf8") : ""));
}

/** The results in a report in JUnit's format. */
function junit(xml) {
    const results = { passed: 0, failed: 0, tests: [] };
    for (const [, head, body = ""] of xml.matchAll(CASE)) {
        if (body.includes("<skipped")) continue;
        results[/<(failure|error)\b/.test(body) ? "failed" : "passed"]++;
        const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1];
        const name = `${attribute("classname")} › ${attribute("name")}`;
        results.tests.push({ name, seconds: Number(attribute("time")) });
    }
    return results;
}

const CASE = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** Saves the output of a failed run; a crash counts as a failed test. */
function checked({ code, text, name }, results) {
    if (code === 0) return results;
    mkdirSync(failures, { recursive: true });
    writeFileSync(join(failures, `${name}.txt`), text);
    return { ...results, failed: Math.max(results.failed, 1) };
}
