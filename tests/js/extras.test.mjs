// The plugin's entry in OctoPrint's plugin repository, and its pictures.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { dateOf, entry, entryFile } from "../../scripts/extras/entry.mjs";
import { PICTURES } from "../../scripts/extras/pictures.mjs";
import { root } from "../../scripts/paths.mjs";

const folder = join(root, "docs", "images");

describe("the entry", () => {
    it("is up to date (npm run extras)", () => {
        const text = readFileSync(entryFile, "utf8");
        assert.equal(text, entry(dateOf(text)));
    });

    it("has the project's address in all places", () => {
        const project = readFileSync(join(root, "pyproject.toml"), "utf8");
        const [, url] = /^Homepage = "(.+)"$/m.exec(project);
        const found = readFileSync(entryFile, "utf8").match(/https?:\S+/g);
        assert.equal(found.length, 3);
        for (const address of found) assert.ok(address.startsWith(url), address);
    });
});

describe("a picture", () => {
    it("exists for each shown one, and there are no others", () => {
        const names = PICTURES.map(({ name }) => `${name}.png`);
        const there = readdirSync(folder).filter((file) => file.endsWith(".png"));
        assert.deepEqual(there.sort(), names.sort());
    });

    for (const { name } of PICTURES) {
        it(`${name} is a PNG of a size that a page can have`, () => {
            const bytes = readFileSync(join(folder, `${name}.png`));
            assert.equal(bytes.subarray(1, 4).toString(), "PNG");
            assert.ok(bytes.length <= 150_000, `${bytes.length} bytes`);
            assert.ok(bytes.readUInt32BE(16) <= 1200);
        });
    }
});
