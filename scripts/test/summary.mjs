import { report } from "../run/failure.mjs";
import { stopping } from "../run/process-group.mjs";
import { kinds } from "./kinds.mjs";

/** Runs kinds of tests one after the other, then prints one line for each. */
export async function runKinds(names) {
    const results = [];
    for (const name of names) {
        console.log(`\n=== ${name} ===`);
        const begun = performance.now();
        results.push([name, await run(name)]);
        const seconds = Math.round((performance.now() - begun) / 1000);
        console.log(`--- ${name} took ${seconds} s`);
        if (stopping()) {
            return;
        }
    }
    console.log();
    for (const [name, { passed, failed }] of results) {
        console.log(`${name}: ${passed} passed, ${failed} failed`);
    }
    if (results.some(([, { failed }]) => failed > 0)) {
        process.exitCode = 1;
    }
}

async function run(name) {
    try {
        const counts = await kinds[name]();
        if (counts.passed + counts.failed === 0) {
            console.error(`${name}: no test was run, which counts as a failure.`);
            return { passed: 0, failed: 1 };
        }
        return counts;
    } catch (error) {
        if (!stopping()) {
            report(error, { logLines: 40 });
        }
        return { passed: 0, failed: 1 };
    }
}
