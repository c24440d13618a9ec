import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildPlugin } from "../build/plugin.mjs";
import { buildWasm } from "../build/wasm.mjs";
import { buildSite } from "../docs/site.mjs";
import { installPlugin } from "../octoprint/install-plugin.mjs";
import { buildArtefacts } from "../package/artefacts.mjs";
import { cache, root, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { installBroker } from "../setup/broker.mjs";
import { browserFlags, installBrowser } from "../setup/browser.mjs";
import { installHomeAssistant } from "../setup/homeassistant.mjs";
import { installPahos } from "../setup/paho.mjs";
import { checkPrerequisites } from "../setup/prerequisites.mjs";
import { installPythonPackages } from "../setup/python-packages.mjs";
import { installRustLinters } from "../setup/rust.mjs";
import { setUpBuild } from "../setup/steps.mjs";
import { cargoCounts, nodeCounts, pytestCounts } from "./counts.mjs";
import { lint } from "./linters.mjs";
import { matrix } from "./matrix.mjs";

const WITH_BROKER = ["link", "publication", "discovery", "leftovers", "packages"].map(
    (name) => `tests/relay/test_${name}.py`,
);

/** How many e2e files run at once; each has an OctoPrint of its own and waits for heaters. */
const E2E_AT_ONCE = 4;

/** These measure how fast OctoPrint answers, so nothing else may run beside them. */
const E2E_ALONE = ["relay.test.mjs", "relay_guest.test.mjs"];

/** How many processes share the relay's tests, which mostly wait for brokers. */
const RELAY_WORKERS = "4";

/** Everything once, and what has to do with a broker on the other line of paho-mqtt too. */
const RELAY_ROUNDS = [
    { paho: "2.2.0", engine: "wasmtime", files: ["tests/relay"] },
    { paho: "1.6.1", engine: "wasm3", files: WITH_BROKER },
    { paho: "2.2.0", engine: "wasmtime-pulley", files: WITH_BROKER.slice(0, -1) },
];

const fuzzers = join("fuzz", "Cargo.toml");

/** The usual kinds of test, in the order in which they run; each returns its counts. */
export const usualKinds = {
    lint: async () => {
        await setUpBuild();
        await installRustLinters();
        // tsc reads the types that wasm-bindgen writes.
        await buildWasm();
        return lint();
    },

    rust: async () => {
        await checkPrerequisites();
        const all = ["test", "--no-fail-fast"];
        return sum([
            await counted(cargoCounts, "cargo", all),
            // What a fuzzer has found worth keeping.
            await counted(cargoCounts, "cargo", [...all, "--manifest-path", fuzzers]),
        ]);
    },

    wasm: async () => {
        await setUpBuild();
        const { chrome, chromedriver } = await installBrowser();
        writeWebdriverOptions(chrome);
        const browser = ["--headless", "--chrome", "--chromedriver", chromedriver];
        const args = ["test", "--mode", "no-install", ...browser, "--", "--test", "web"];
        return counted(cargoCounts, "wasm-pack", args);
    },

    js: async () => {
        await buildPlugin();
        return runNode(testFiles("js"));
    },

    python: async () => {
        await checkPrerequisites();
        await installPythonPackages();
        return pytest([]);
    },

    relay: async () => {
        await buildPlugin();
        const broker = await installBroker();
        const pahos = await installPahos();
        const results = [];
        for (const { paho, engine, files } of RELAY_ROUNDS) {
            console.log(`\npaho-mqtt ${paho}, ${engine}:`);
            results.push(
                await pytest(["-n", RELAY_WORKERS, ...files], {
                    PYTHONPATH: pahos[paho],
                    TEMP_ETA_PAHO: paho,
                    TEMP_ETA_ENGINE: engine,
                    MOSQUITTO_PATH: broker,
                }),
            );
        }
        return sum(results);
    },

    /** What the documentation names, its site, and what a browser makes of the replay. */
    docs: async () => {
        const { chrome } = await installBrowser();
        const site = await buildSite();
        const named = await runNode(testFiles("docs"));
        const env = { CHROME_PATH: chrome, TEMP_ETA_SITE: site };
        return sum([named, await runNode(testFiles("site"), { env })]);
    },

    e2e: async () => {
        const { chrome } = await installBrowser();
        const broker = await installBroker();
        const { wheelFile } = await buildArtefacts();
        await installPlugin(wheelFile);
        const env = { CHROME_PATH: chrome, MOSQUITTO_PATH: broker };
        const isAlone = (file) => E2E_ALONE.includes(basename(file));
        const files = testFiles("e2e");
        return sum([
            await runNode(
                files.filter((file) => !isAlone(file)),
                { env, atOnce: E2E_AT_ONCE },
            ),
            await runNode(files.filter(isAlone), { env }),
        ]);
    },

    /** A part of what there is to try; minutes instead of half an hour. */
    matrix: () => matrix({ whole: false }),
};

/** Kinds that run only when they are asked for: they need what few have, or take long. */
const occasionalKinds = {
    "whole-matrix": () => matrix({ whole: true }),

    homeassistant: async () => {
        await buildPlugin();
        const broker = await installBroker();
        const python = await installHomeAssistant();
        const args = ["tests/homeassistant", "--disable-warnings"];
        return pytest(args, { MOSQUITTO_PATH: broker }, python);
    },
};

export const kinds = { ...usualKinds, ...occasionalKinds };

function pytest(paths, env, python = venvPython) {
    const options = ["-o", `cache_dir=${join(cache, "pytest")}`];
    const args = ["-m", "pytest", ...options, ...paths];
    return counted(pytestCounts, python, args, env);
}

function testFiles(folder) {
    return filesBelow(join(root, "tests", folder)).filter((file) =>
        /\.test\.m?js$/.test(file),
    );
}

async function runNode(files, { env = {}, atOnce = 1 } = {}) {
    // Without files Node would look for tests everywhere.
    if (!files.length) {
        return { passed: 0, failed: 0 };
    }
    const reporter = "--test-reporter=spec";
    const args = ["--test", `--test-concurrency=${atOnce}`, reporter, ...files];
    return counted(nodeCounts, process.execPath, args, env);
}

function sum(results) {
    return results.reduce((all, { passed, failed }) => ({
        passed: all.passed + passed,
        failed: all.failed + failed,
    }));
}

async function counted(count, program, args, env) {
    const { code, text } = await shown(program, args, { env });
    const counts = count(text);
    // What did not compile or crashed has no count of its own.
    return code === 0 ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

/** wasm-bindgen's test runner reads this file beside Cargo.toml, and nothing else. */
function writeWebdriverOptions(chrome) {
    const options = { "goog:chromeOptions": { args: browserFlags, binary: chrome } };
    const file = join(root, "webdriver.json");
    writeFileSync(file, `${JSON.stringify(options, null, 4)}\n`);
}
