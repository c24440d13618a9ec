import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { speakingAs } from "./run/command.mjs";
import { Failure, report } from "./run/failure.mjs";
import { endGroup, spawnGroup, stopping } from "./run/process-group.mjs";
import { kinds, REPEATABLE } from "./test/kinds.mjs";
import { crash, excerpt } from "./test/reports.mjs";

/** Number of tests that --slowest lists. */
const SLOWEST = 25;

// npm test -- [kind ...] [--all] [--slowest] [--repeat <times>] [--load] [--only <name>]
export default async function test() {
    const { names, slowest, load, ...options } = asked();
    // --load keeps every core busy meanwhile.
    const burn = () => spawnGroup(process.execPath, ["-e", "for(;;);"]);
    const results = await runKinds(names, options, () =>
        load ? Array.from({ length: availableParallelism() }, burn) : [],
    );
    if (stopping()) return;
    if (slowest) printSlowest(results);
    printFailures(results);
    console.log();
    for (const name of names) {
        const { passed, failed } = results[name];
        console.log(`${name}: ${passed} passed, ${failed} failed`);
        if (failed > 0) process.exitCode = 1;
    }
}

function asked() {
    const { values, positionals } = parse();
    const known = Object.keys(kinds);
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown) {
        throw new Failure(
            `There is no test kind "${unknown}"; there are ${known.join(", ")}.`,
        );
    }
    const usual = known.filter((name) => {
        const { when } = kinds[name];
        return !when || (when === "all" && values.all);
    });
    const names = positionals.length ? positionals : usual;
    const repeat = Number(values.repeat ?? 1);
    if (!Number.isInteger(repeat) || repeat < 1) {
        throw new Failure(`--repeat takes a number of times, not "${values.repeat}".`);
    }
    const chosen = values.repeat ?? values.only;
    if (chosen && !names.every((name) => REPEATABLE.includes(name))) {
        throw new Failure(
            `--repeat and --only are for tests of the kinds ${REPEATABLE.join(", ")}.`,
        );
    }
    return { ...values, names, repeat };
}

function parse() {
    const options = {
        all: { type: "boolean" },
        slowest: { type: "boolean" },
        load: { type: "boolean" },
        repeat: { type: "string" },
        only: { type: "string" },
    };
    try {
        return parseArgs({ allowPositionals: true, options });
    } catch (error) {
        throw new Failure(error.message);
    }
}

/** Sets up and runs kinds of tests, those in different lanes in parallel; their results by name. */
async function runKinds(names, options, startLoad) {
    const results = {};
    const failed = (error) => {
        if (!stopping()) report(error);
        return crash("the setup or the program", error.message);
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
        let result = await kinds[name].run(options).catch(failed);
        if (result.passed + result.failed === 0) {
            result = crash("the run", "No test was run.");
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
    const load = startLoad();
    const lanes = new Set(names.map((name) => kinds[name].lane));
    await Promise.all([...lanes].map(inLane));
    await Promise.all(load.map(endGroup));
    return results;
}

/** Once more, as there can be an hour of other tests after a failure. */
function printFailures(results) {
    for (const [kind, { failures }] of Object.entries(results)) {
        for (const { name, text } of failures) {
            console.log(`\n${kind}: ${name} failed:\n${excerpt(text)}`);
        }
    }
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
