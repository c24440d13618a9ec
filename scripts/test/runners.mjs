// Each function runs tests, shows their output and resolves to their results.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { cargoResults, junitResults } from "./results.mjs";

const playwrightCli = join(nodeModules, "@playwright", "test", "cli.js");

/** Playwright's output folder, screenshots included. */
const failures = join(cache, "failures");

let reports = 0;

/** Runs cargo, or a program with the same output format. */
export async function cargo(program, args) {
    const output = await shown(program, args);
    return blamed(output, cargoResults(output.text));
}

/** Runs the tests in a folder below tests/ with Node. */
export async function node(folder, env) {
    const files = filesBelow(join(root, "tests", folder)).filter((file) =>
        /\.test\.m?js$/.test(file),
    );
    return reported((report) => {
        const reporters = [
            ["spec", "stdout"],
            ["junit", report],
        ].flatMap(([name, to]) => [
            `--test-reporter=${name}`,
            `--test-reporter-destination=${to}`,
        ]);
        return [process.execPath, ["--test", ...reporters, ...files], env];
    });
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
            playwrightCli,
            "test",
            ...(only ? [only] : []),
            ...projects.map((name) => `--project=${name}`),
            `--repeat-each=${repeat}`,
            ...args,
        ],
        { ...env, TEMP_ETA_REPORT: report },
    ]);
}

export function pytest(args, { env, repeat = 1, only, python = venvPython } = {}) {
    const options = [
        ...["-o", `cache_dir=${join(cache, "pytest")}`],
        ...(repeat > 1 ? [`--count=${repeat}`] : []),
        ...(only ? ["-k", only] : []),
    ];
    return reported((report) => [
        python,
        ["-m", "pytest", `--junitxml=${report}`, ...options, ...args],
        env,
    ]);
}

async function reported(command) {
    const folder = join(cache, "reports");
    const report = join(folder, `${++reports}.xml`);
    mkdirSync(folder, { recursive: true });
    rmSync(report, { force: true });
    const [program, args, env] = command(report);
    return blamed(await shown(program, args, { env }), junitResults(report));
}

/** Saves the output of a failed run; a crash counts as a failed test. */
function blamed({ code, text, name }, results) {
    if (code === 0) return results;
    mkdirSync(failures, { recursive: true });
    writeFileSync(join(failures, `${name}.txt`), text);
    return { ...results, failed: Math.max(results.failed, 1) };
}
