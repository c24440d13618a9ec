// The table of results from all OctoPrint versions.
import assert from "node:assert/strict";
import { it } from "node:test";
import { shortcomings, table } from "../../scripts/matrix/table.mjs";

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
            "|  | 1.0 | 2.0 |",
            "| --- | --- | --- |",
            "| page | passed [1] | failed |",
            "| zip | n/a: too old | passed [1] |",
            "| wheel | did not run | passed |",
            "",
            "1. slowly",
        ].join("\n"),
    );
    assert.equal(shortcomings(results, ["1.0", "2.0"]), 2);
});
