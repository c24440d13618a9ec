// The figures match the code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, it } from "node:test";
import { measuredRuns } from "../../scripts/accuracy/measure.mjs";
import { buildReplay } from "../../scripts/accuracy/replay.mjs";
import { results, summary } from "../../scripts/accuracy/tables.mjs";
import { readTraces } from "../../scripts/accuracy/traces.mjs";
import { root } from "../../scripts/paths.mjs";
import { withSection } from "../../scripts/sections.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");
const printers = readTraces();
let runs;

before(async () => {
    runs = await measuredRuns(await buildReplay(), printers);
});

for (const [file, content] of [
    ["docs/accuracy.md", () => results(runs, printers)],
    ["README.md", () => summary(runs)],
]) {
    it(`${file} is up to date (npm run accuracy)`, () => {
        assert.equal(read(file), withSection(read(file), "accuracy", content()));
    });
}
