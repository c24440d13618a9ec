import { writeFileSync } from "node:fs";

/**
 * A Playwright reporter that collects results and notes, in the order of the files. A project's
 * `use` has the version of OctoPrint.
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

/** The outcome of a test; null if it did not run. */
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
