import { availableParallelism } from "node:os";
import { speakingAs } from "../run/command.mjs";
import { report } from "../run/failure.mjs";
import { endGroup, spawnGroup, stopping } from "../run/process-group.mjs";
import { kinds } from "./kinds.mjs";

/** Number of tests that `slowest` lists. */
const SLOWEST = 25;

/**
 * Runs kinds of tests, those in different lanes in parallel, and prints a line for each.
 *
 * @param {string[]} names
 * @param {object} [options]
 * @param {boolean} [options.all] also what takes long
 * @param {boolean} [options.slowest] list the slowest tests
 * @param {boolean} [options.load] keep every core busy meanwhile
 * @param {number} [options.repeat] how many times each test runs
 * @param {string} [options.only] a part of the names of the tests that run
 */
export async function runKinds(names, { slowest, load, ...options } = {}) {
    const results = {};
    const failed = (error) => {
        if (!stopping()) report(error);
        return { passed: 0, failed: 1, tests: [] };
    };
    // One after the other, as kinds share parts of the setup.
    for (const name of names) {
        try {
            for (const step of kinds[name].needs) await step();
        } catch (error) {
            results[name] = failed(error);
        }
    }
    const run = async (name) => {
        const begun = performance.now();
        const result = await kinds[name].run(options).catch(failed);
        if (result.passed + result.failed === 0) {
            console.error(`${name}: no test was run, which counts as a failure.`);
            result.failed = 1;
        }
        const seconds = Math.round((performance.now() - begun) / 1000);
        console.log(`--- ${name} took ${seconds} s`);
        results[name] = result;
    };
    const inLane = async (lane) => {
        for (const name of names.filter((it) => kinds[it].lane === lane)) {
            if (!results[name] && !stopping()) await speakingAs(name, () => run(name));
        }
    };
    const busy = load ? burners() : [];
    const lanes = new Set(names.map((name) => kinds[name].lane));
    await Promise.all([...lanes].map(inLane));
    await Promise.all(busy.map(endGroup));
    if (stopping()) return;

    if (slowest) printSlowest(results);
    console.log();
    for (const name of names) {
        const { passed, failed } = results[name];
        console.log(`${name}: ${passed} passed, ${failed} failed`);
        if (failed > 0) process.exitCode = 1;
    }
}

/** Starts a busy process for each core. */
function burners() {
    const burn = () => spawnGroup(process.execPath, ["-e", "for(;;);"]);
    return Array.from({ length: availableParallelism() }, burn);
}

function printSlowest(results) {
    const tests = Object.entries(results).flatMap(([kind, { tests }]) =>
        tests.map((test) => ({ kind, ...test })),
    );
    tests.sort((one, two) => two.seconds - one.seconds);
    console.log("\nThe slowest tests:");
    for (const { kind, name, seconds } of tests.slice(0, SLOWEST)) {
        console.log(
            `${seconds.toFixed(1).padStart(6)} s  ${kind}: ${name.slice(0, 100)}`,
        );
    }
}
