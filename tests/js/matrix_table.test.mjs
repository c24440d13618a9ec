// The table of results from all OctoPrint versions.
import assert from "node:assert/strict";
import { it } from "node:test";
import { outcomes, shortcomings, table } from "../../scripts/test/matrix.mjs";

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

it("is read from Playwright's report", () => {
    const test = (version, status, ...annotations) => ({
        projectName: `matrix-${version}`,
        status,
        annotations,
    });
    const skip = { type: "skip", description: "too old" };
    const note = { type: "note", description: "slowly" };
    const zip = { title: "zip", tests: [test("1.0", "skipped", skip)] };
    const page = {
        title: "page",
        tests: [test("1.0", "expected", note), test("2.0", "unexpected")],
    };
    const never = { title: "never", tests: [test("1.0", "skipped")] };
    const suites = [{ specs: [page], suites: [{ specs: [zip, never] }] }];
    assert.deepEqual(outcomes({ suites }), [
        result("1.0", "page", "passed", "slowly"),
        result("2.0", "page", "failed"),
        result("1.0", "zip", "n/a: too old"),
    ]);
});
