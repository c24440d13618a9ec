// Each function runs tests, shows their output and resolves to their results, see reports.mjs.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { crash, readCargo, readJunit, sum } from "./reports.mjs";

const playwrightCli = join(nodeModules, "@playwright", "test", "cli.js");

/** Playwright's output folder, screenshots included. */
const failures = join(cache, "failures");

let reports = 0;

/** Runs cargo, or a program that prints a line of results for each binary as well. */
export async function cargo(program, args) {
    const output = await shown(program, args);
    return checked(output, readCargo(output.text));
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

async function reported(command) {
    const folder = join(cache, "reports");
    const report = join(folder, `${++reports}.xml`);
    mkdirSync(folder, { recursive: true });
    rmSync(report, { force: true });
    const [program, args, env] = command(report);
    const output = await shown(program, args, { env });
    const xml = existsSync(report) ? readFileSync(report, "utf8") : "";
    return checked(output, readJunit(xml));
}

/**
 * Saves the output of a failed run. A crash counts as a failed test, whose text is all that the
 * program printed.
 */
function checked({ code, text, name }, results) {
    if (code === 0) return results;
    mkdirSync(failures, { recursive: true });
    writeFileSync(join(failures, `${name}.txt`), text);
    const hint = text.includes("No tests found")
        ? "\n--all includes the tests that only npm run test:all runs."
        : "";
    return results.failed ? results : sum([results, crash("the program", text + hint)]);
}
