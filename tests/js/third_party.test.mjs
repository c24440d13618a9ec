// The notices of third-party code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { checkBundled, usedLicenses } from "../../scripts/third-party/licenses.mjs";
import { linkedCrates, notices } from "../../scripts/third-party.mjs";

it("THIRD-PARTY.txt is what `npm run third-party` writes", async () => {
    const file = new URL("../../THIRD-PARTY.txt", import.meta.url);
    const text = readFileSync(file, "utf8");
    assert.equal(text, await notices());
    assert.match(text, /\nwasm-bindgen 0\.2\.\d+\n {4}Copyright/);
});

it("every crate in the modules has an allowed license", async () => {
    const crates = await linkedCrates();
    assert.ok(crates.length > 10);
    for (const { name, license } of crates) assert.ok(usedLicenses(license), name);
});

describe("licenses", () => {
    for (const [expression, used] of [
        ["MIT", ["MIT"]],
        ["Apache-2.0", ["Apache-2.0"]],
        ["Apache-2.0 OR MIT", ["MIT"]],
        ["Unlicense/MIT", ["MIT"]],
        ["GPL-2.0-only OR BSD-3-Clause", ["BSD-3-Clause"]],
        ["(MIT OR Apache-2.0) AND Unicode-3.0", ["MIT", "Unicode-3.0"]],
        ["Apache-2.0 AND MIT OR ISC", ["ISC"]],
        ["GPL-2.0-only", null],
        ["MIT AND GPL-2.0-only", null],
        ["MIT WITH Something", null],
        ["(MIT", null],
        ["MIT)", null],
        ["MIT OR", ["MIT"]],
        ["SEE LICENSE IN LICENSE.md", null],
        ["", null],
        [undefined, null],
    ]) {
        it(`${expression}: ${used?.join(" and ") ?? "not allowed"}`, () => {
            assert.deepEqual(usedLicenses(expression), used);
        });
    }
});

describe("what is bundled", () => {
    const bundled = (...files) => ({
        inputs: Object.fromEntries(["static/js/app.js", ...files].map((it) => [it, {}])),
    });

    it("may be allowed packages that the notices name", () => {
        checkBundled(bundled(), "");
        checkBundled(bundled("node_modules/uplot/dist/uPlot.esm.js"), "of\n\nuPlot\n");
    });

    it("is no package without a notice", () => {
        const metafile = bundled("node_modules/uplot/dist/uPlot.esm.js");
        assert.throws(() => checkBundled(metafile, "nothing"), /uplot is bundled, but/);
    });

    it("is no package with another license", () => {
        const axe = bundled("node_modules/axe-core/axe.js");
        assert.throws(() => checkBundled(axe, "\naxe-core"), /its license is "MPL-2.0"/);
    });
});
