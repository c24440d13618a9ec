import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buildPlugin } from "../build/plugin.mjs";
import { buildSite } from "../docs/site.mjs";
import { corpusTargets, fuzzCore } from "../fuzz/core.mjs";
import { fuzzPage } from "../fuzz/page.mjs";
import { installPlugin } from "../octoprint/install-plugin.mjs";
import { buildArtefacts } from "../package/artefacts.mjs";
import { root } from "../paths.mjs";
import { installBroker } from "../setup/broker.mjs";
import { browserFlags, installBrowser } from "../setup/browser.mjs";
import { installHomeAssistant } from "../setup/homeassistant.mjs";
import { installPahos } from "../setup/paho.mjs";
import { checkPrerequisites } from "../setup/prerequisites.mjs";
import { installPythonPackages } from "../setup/python-packages.mjs";
import { installRustLinters } from "../setup/rust.mjs";
import { lint } from "./linters.mjs";
import { matrix } from "./matrix.mjs";
import { sum } from "./results.mjs";
import { cargo, node, playwright, pytest } from "./runners.mjs";

/** What is set up for several kinds, once. */
const browser = once(installBrowser);
const broker = once(installBroker);
const pahos = once(installPahos);
const plugin = once(buildPlugin);
const packages = once(async () => {
    const artefacts = await buildArtefacts();
    await installPlugin(artefacts.wheelFile);
    return artefacts;
});

/** How many processes share tests that mostly wait, for heaters and for brokers. */
const WAITING = Math.min(2 * availableParallelism(), 8);

/** The versions of paho-mqtt and the WebAssembly runtimes that are tested together. */
const MQTT_SETUPS = {
    usual: { paho: "2.2.0", runtime: "wasmtime" },
    others: [
        { paho: "1.6.1", runtime: "wasm3" },
        { paho: "2.2.0", runtime: "wasmtime-pulley" },
    ],
};

/** How long each fuzzer runs, in s. */
const FUZZING = 60;

/** The kinds whose tests can be repeated, or chosen by their names. */
export const REPEATABLE = ["mqtt", "e2e", "matrix"];

/**
 * The kinds of tests. Kinds in different lanes run at the same time: some keep the cores busy,
 * others mostly wait; the matrix, which also waits, runs beside those. `needs` is what must be set up first; `run` resolves to the results and
 * gets the options (`all`: also run what takes long). `when` restricts a kind: "all" to
 * `--all`, "asked" to being named.
 */
export const kinds = {
    lint: {
        lane: "calculating",
        // tsc reads the types that wasm-bindgen writes.
        needs: [plugin, installRustLinters],
        run: lint,
    },

    rust: {
        lane: "calculating",
        needs: [checkPrerequisites],
        run: async () => {
            const all = ["test", "--no-fail-fast"];
            const fuzzers = ["--manifest-path", join("fuzz", "Cargo.toml")];
            // The second has what a fuzzer has found worth keeping.
            return sum([
                await cargo("cargo", all),
                await cargo("cargo", [...all, ...fuzzers]),
            ]);
        },
    },

    wasm: {
        lane: "calculating",
        needs: [plugin, browser],
        run: async () => {
            const { chrome, chromedriver } = await browser();
            writeWebdriverOptions(chrome);
            const how = ["--headless", "--chrome", "--chromedriver", chromedriver];
            const args = ["test", "--mode", "no-install", ...how, "--", "--test", "web"];
            return cargo("wasm-pack", args);
        },
    },

    js: {
        lane: "calculating",
        needs: [plugin],
        run: ({ all }) => node("js", whole(all)),
    },

    python: {
        lane: "calculating",
        needs: [checkPrerequisites, installPythonPackages],
        run: () => pytest([]),
    },

    /** What the documentation names, its site, and what a browser makes of the replay. */
    docs: {
        lane: "calculating",
        needs: [plugin, browser],
        run: async () => {
            const env = { ...(await programs()), TEMP_ETA_SITE: await buildSite() };
            return sum([await node("docs"), await playwright(["site"], { env })]);
        },
    },

    mqtt: {
        lane: "waiting",
        needs: [plugin, broker, pahos],
        run: async ({ all, ...options }) => {
            const { MOSQUITTO_PATH } = await programs();
            const folders = await pahos();
            const round = ({ paho, runtime }, args) =>
                pytest(["tests/mqtt", ...args], {
                    ...options,
                    env: {
                        PYTHONPATH: folders[paho],
                        TEMP_ETA_PAHO: paho,
                        TEMP_ETA_RUNTIME: runtime,
                        MOSQUITTO_PATH,
                    },
                });
            const inParallel = ["-n", WAITING];
            const results = [await round(MQTT_SETUPS.usual, inParallel)];
            for (const other of options.only ? [] : MQTT_SETUPS.others) {
                // These are so few that more processes would take longer.
                const args = all ? inParallel : ["-m", "everywhere"];
                results.push(await round(other, args));
            }
            return sum(results);
        },
    },

    e2e: {
        lane: "waiting",
        needs: [packages, browser, broker],
        run: async ({ all, ...options }) =>
            playwright(["e2e"], {
                ...options,
                env: { ...(await programs()), ...whole(all) },
                args: [`--workers=${WAITING}`],
            }),
    },

    /** The plugin on several versions of OctoPrint; `all` of it takes half an hour. */
    matrix: {
        lane: "matrix",
        needs: [packages, browser, broker],
        run: async (options) =>
            matrix({ ...options, artefacts: await packages(), env: await programs() }),
    },

    fuzz: {
        lane: "calculating",
        when: "all",
        needs: [plugin],
        run: async () => {
            for (const target of corpusTargets) await fuzzCore(target, FUZZING);
            await fuzzPage(FUZZING);
            return { passed: corpusTargets.length + 1, failed: 0, tests: [] };
        },
    },

    /** Not even in `all`: Home Assistant needs a Python that few have. */
    homeassistant: {
        lane: "waiting",
        when: "asked",
        needs: [plugin, broker],
        run: async () =>
            pytest(["tests/homeassistant", "--disable-warnings"], {
                env: await programs(),
                python: await installHomeAssistant(),
            }),
    },
};

function once(action) {
    let result;
    return () => {
        result ??= action();
        return result;
    };
}

/** The environment of tests that start a browser or a broker. */
async function programs() {
    return { CHROME_PATH: (await browser()).chrome, MOSQUITTO_PATH: await broker() };
}

/** The environment of tests that are longer, or more, where `all` is to run. */
const whole = (all) => ({ TEMP_ETA_ALL: all ? "1" : "" });

/** wasm-bindgen's test runner reads this file beside Cargo.toml, and nothing else. */
function writeWebdriverOptions(chrome) {
    const options = { "goog:chromeOptions": { args: browserFlags, binary: chrome } };
    const file = join(root, "webdriver.json");
    writeFileSync(file, `${JSON.stringify(options, null, 4)}\n`);
}
