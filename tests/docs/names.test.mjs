// What the documentation names is there.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../scripts/paths.mjs";
import { blocks } from "./examples.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");
const { scripts } = JSON.parse(read("package.json"));

/** Built, or begun by an example. */
const MADE = /^(static\/(built|wasm)|translations\/fr)\b/;

const FOLDERS = [
    ..."src docs scripts static octoprint_temp_eta templates tests".split(" "),
    ..."translations benches examples extras fuzz .github".split(" "),
];
const INSIDE = new RegExp(String.raw`^(?:${FOLDERS.join("|")})/[\w./-]*[\w/]$`);

const documents = [
    ...readdirSync(root).filter((name) => name.endsWith(".md")),
    ...readdirSync(join(root, "docs"), { recursive: true })
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name.replaceAll("\\", "/")}`),
];

for (const document of documents) {
    describe(document, () => {
        const text = read(document);
        // Those that an example makes.
        const made = new Set(blocks(text).map(({ path, isNew }) => isNew && path));
        const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);

        it("names files that are there", () => {
            const paths = spans.filter((span) => INSIDE.test(span) && !MADE.test(span));
            const missing = paths.filter(
                (path) => !made.has(path) && !existsSync(join(root, path)),
            );
            assert.deepEqual(missing, []);
        });

        it("links to files that are there", () => {
            const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
            const missing = links
                .filter((link) => !/^(https?:|mailto:|#)/.test(link))
                .map((link) => join(dirname(document), link.split("#")[0]))
                .filter((path) => !existsSync(join(root, path)));
            assert.deepEqual(missing, []);
        });

        it("names commands that are there", () => {
            const run = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)];
            const missing = run.map(([, name]) => name).filter((it) => !(it in scripts));
            assert.deepEqual(missing, []);
        });
    });
}
