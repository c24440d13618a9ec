import { writeFileSync } from "node:fs";

/**
 * A reporter for Playwright: what came of each test that ran, and what it has to say, in the
 * order of the files. The version of OctoPrint is what its project uses.
 */
export default class {
    #suite;

    onBegin(_config, suite) {
        this.#suite = suite;
    }

    onEnd() {
        const results = this.#suite
            .allTests()
            .toSorted((one, two) => order(one.location, two.location))
            .map((test) => ({
                suite: test.parent.project().use.version,
                name: test.title,
                outcome: outcome(test),
                notes: annotations(test, "note"),
            }))
            .filter(({ outcome }) => outcome);
        writeFileSync(process.env.TEMP_ETA_MATRIX_RESULTS, JSON.stringify(results));
    }
}

function order(one, two) {
    return one.file.localeCompare(two.file) || one.line - two.line;
}

/** Null if it did not run. */
function outcome(test) {
    const [reason] = annotations(test, "skip");
    if (reason) return `n/a: ${reason}`;
    return { expected: "passed", unexpected: "failed" }[test.outcome()] ?? null;
}

function annotations(test, wanted) {
    return test.annotations
        .filter(({ type }) => type === wanted)
        .map(({ description }) => description);
}
