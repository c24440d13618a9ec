// The figures match the code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, it } from "node:test";
import { degradedRuns, measuredRuns } from "../../scripts/accuracy/measure.mjs";
import { buildReplay } from "../../scripts/accuracy/replay.mjs";
import { degradedTable, results, summary } from "../../scripts/accuracy/tables.mjs";
import { readTraces } from "../../scripts/accuracy/traces.mjs";
import { root } from "../../scripts/paths.mjs";
import { withSection } from "../../scripts/sections.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");
const printers = readTraces();
let runs;
let poorer;

before(async () => {
    const program = await buildReplay();
    runs = await measuredRuns(program, printers);
    poorer = await degradedRuns(program, printers, runs);
});

for (const [file, content] of [
    ["docs/accuracy.md", () => `${results(runs, printers)}\n\n${degradedTable(poorer)}`],
    ["README.md", () => summary(runs)],
]) {
    it(`${file} is up to date (npm run accuracy)`, () => {
        assert.equal(read(file), withSection(read(file), "accuracy", content()));
    });
}
