// The how-tos can be followed: what they change is there to be changed.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../scripts/paths.mjs";
import { blocks, changed, pages } from "./examples.mjs";

/** Of a repository of one's own. */
const ELSEWHERE = /^(straight_on|my_look)\//;

for (const { name, text } of pages()) {
    describe(`docs/extending/${name}`, () => {
        const all = blocks(text);

        it("says of each block what it is of", () => {
            assert.equal(all.length, text.split(/^```\w+$/m).length - 1);
            assert.ok(all.length > 0);
        });

        it("changes lines that are there", () => {
            // A page may have two examples, each from the beginning.
            for (const block of all.filter(({ kind }) => kind === "diff")) {
                const file = readFileSync(join(root, block.path), "utf8");
                assert.notEqual(changed(file, block), file);
            }
        });

        it("makes files that are not there yet", () => {
            for (const { path } of all.filter(({ isNew }) => isNew)) {
                const free = ELSEWHERE.test(path) || !existsSync(join(root, path));
                assert.ok(free, path);
            }
        });
    });
}
