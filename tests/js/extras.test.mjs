// The plugin's entry in OctoPrint's plugin repository, and its pictures.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../scripts/paths.mjs";

const folder = join(root, "docs", "images");
const read = (name) => readFileSync(join(root, name), "utf8");
const project = read("pyproject.toml");
const plugin = read("octoprint_temp_eta/__init__.py");
const text = read("extras/temp_eta.md");

/** The values of a key, each as YAML writes it. */
const values = (key) =>
    [...text.matchAll(new RegExp(`^[ -]*${key}: (.+)$`, "gm"))].map(([, value]) => value);

describe("the entry", () => {
    for (const [key, source, pattern] of [
        ["title", plugin, /^__plugin_name__ = "(.+)"$/m],
        ["description", project, /^description = "(.+)"$/m],
        ["license", project, /^license = "(.+)"$/m],
        ["homepage", project, /^Homepage = "(.+)"$/m],
        ["source", project, /^Homepage = "(.+)"$/m],
        ["python", plugin, /^__plugin_pythoncompat__ = (".+")$/m],
    ]) {
        it(`has the project's ${key}`, () => {
            assert.deepEqual(values(key), [pattern.exec(source)[1]]);
        });
    }

    it("has the project's author, ID and zip", () => {
        const [, author] = /^authors = \[\{ name = "(.+)" \}\]$/m.exec(project);
        assert.ok(text.includes(`\nauthors:\n- ${author}\nlicense:`));
        assert.deepEqual(values("id"), ["temp_eta"]);
        const zip = "/releases/latest/download/OctoPrint-TempETA.zip";
        assert.deepEqual(values("archive"), [values("homepage") + zip]);
    });

    it("has the date of its registration, and begins as a page of the repository", () => {
        assert.match(values("date").join(), /^\d{4}-\d\d-\d\d$/);
        assert.match(text, /^---\nlayout: plugin\n\n[\s\S]+\n---\n\n\S/);
    });

    it("has the project's address in all places", () => {
        const [, url] = /^Homepage = "(.+)"$/m.exec(project);
        const found = text.match(/https?:\S+/g);
        assert.equal(found.length, 3);
        for (const address of found) assert.ok(address.startsWith(url), address);
    });

    it("shows pictures that exist, each with words for it, and features one", () => {
        const urls = values("url");
        assert.deepEqual([values("alt").length, values("caption").length], [4, 4]);
        assert.equal(urls.length, 4);
        for (const url of [...urls, ...values("featuredimage")]) {
            assert.match(url, /^\/assets\/img\/plugins\/temp_eta\/\w+\.png$/);
            assert.ok(pictures.includes(basename(url)), url);
        }
    });
});

const pictures = readdirSync(folder).filter((file) => file.endsWith(".png"));

describe("a picture", () => {
    it("exists for each that `npm run screenshots` takes, and there are no others", () => {
        const taken = [
            ...read("scripts/screenshots.mjs").matchAll(/^ {4}(\w+): async \(/gm),
        ];
        const names = taken.map(([, name]) => `${name}.png`);
        assert.deepEqual(pictures.toSorted(), names.sort());
    });

    for (const name of pictures) {
        it(`${name} is a PNG of a size that a page can have`, () => {
            const bytes = readFileSync(join(folder, name));
            assert.equal(bytes.subarray(1, 4).toString(), "PNG");
            assert.ok(bytes.length <= 150_000, `${bytes.length} bytes`);
            assert.ok(bytes.readUInt32BE(16) <= 1200);
        });
    }
});
