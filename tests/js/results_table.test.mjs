// The tables of results from all OctoPrint versions and browser engines.
import assert from "node:assert/strict";
import { it } from "node:test";
import { byFile } from "../../scripts/test/engines.mjs";
import { outcomes, shortcomings, table } from "../../scripts/test/results.mjs";

const result = (suite, name, outcome, ...notes) => ({ suite, name, outcome, notes });

it("has a row for each case, and marks those that did not run", () => {
    const results = [
        result("1.0", "page", "passed", "slowly"),
        result("2.0", "page", "failed"),
        result("1.0", "zip", "n/a: too old"),
        result("2.0", "zip", "passed", "slowly"),
        result("2.0", "wheel", "passed"),
    ];
    assert.equal(
        table(results, ["1.0", "2.0"], "did not run"),
        [
            "| | 1.0 | 2.0 |",
            "| - | - | - |",
            "| page | passed [1] | failed |",
            "| zip | n/a: too old | passed [1] |",
            "| wheel | did not run | passed |",
            "",
            "1. slowly",
        ].join("\n"),
    );
    assert.equal(shortcomings(results, ["1.0", "2.0"]), 2);
});

const read = (suite, name, outcome, { notes = [], browser = [] } = {}) => ({
    ...result(suite, name, outcome, ...notes),
    file: "some.test.mjs",
    browser,
    seconds: 3,
});

it("is read from Playwright's report", () => {
    const test = (projectName, status, ...annotations) => ({
        projectName,
        status,
        annotations,
        results: [{ duration: 1000 }, { duration: 2000 }],
    });
    const skip = { type: "skip", description: "too old" };
    const note = { type: "note", description: "slowly" };
    const browser = { type: "browser", description: "1.2" };
    const file = "some.test.mjs";
    const zip = { title: "zip", file, tests: [test("matrix-1.0", "skipped", skip)] };
    const page = {
        title: "page",
        file,
        tests: [
            test("matrix-1.0", "expected", note),
            test("matrix-2.0", "unexpected", browser),
            test("matrix-3.0", "flaky"),
            test("other", "expected"),
        ],
    };
    const never = { title: "never", file, tests: [test("matrix-1.0", "skipped")] };
    const suites = [{ specs: [page], suites: [{ specs: [zip, never] }] }];
    assert.deepEqual(outcomes({ suites }, "matrix-"), [
        read("1.0", "page", "passed", { notes: ["slowly"] }),
        read("2.0", "page", "failed", { browser: ["1.2"] }),
        read("3.0", "page", "passed", { notes: ["only in a second browser"] }),
        read("1.0", "zip", "n/a: too old"),
    ]);
});

it("has a row for the tests of a file, with what could not run", () => {
    const results = [
        read("Firefox", "one", "passed"),
        read("Firefox", "two", "n/a: no sound"),
        read("Chromium", "one", "passed"),
        read("Chromium", "two", "passed"),
    ];
    const name = "Browser tests: some";
    assert.deepEqual(byFile(results), [
        {
            suite: "Firefox",
            name,
            outcome: "1 of 2 passed",
            notes: ["two: no sound"],
        },
        { suite: "Chromium", name, outcome: "2 passed", notes: [] },
    ]);
});
