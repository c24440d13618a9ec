// The figures match the code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, it } from "node:test";
import { measuredRuns } from "../../scripts/accuracy/measure.mjs";
import { page } from "../../scripts/accuracy/page.mjs";
import { withFigures } from "../../scripts/accuracy/readme.mjs";
import { buildReplay } from "../../scripts/accuracy/replay.mjs";
import { readTraces } from "../../scripts/accuracy/traces.mjs";
import { root } from "../../scripts/paths.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");
const printers = readTraces();
let runs;

before(async () => {
    runs = await measuredRuns(await buildReplay(), printers);
});

it("docs/accuracy.md is up to date (npm run accuracy)", () => {
    assert.equal(read("docs/accuracy.md"), page(runs, printers));
});

it("README.md is up to date (npm run accuracy)", () => {
    assert.equal(read("README.md"), withFigures(read("README.md"), runs));
});
