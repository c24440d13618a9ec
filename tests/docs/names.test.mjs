// What the documentation names exists.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../scripts/paths.mjs";
import * as names from "./names.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");

const documents = [
    ...readdirSync(root).filter((name) => name.endsWith(".md")),
    ...readdirSync(join(root, "docs"), { recursive: true })
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name.replaceAll("\\", "/")}`),
];

/** Written by a run of some day; their names are of that day. */
const RECORDS = ["docs/benchmarks.md", "docs/compatibility.md"];

const HOW_TOS = ["docs/extending.md"];

for (const document of documents) {
    describe(document, () => {
        const text = read(document);

        it("names files that exist", () => {
            assert.deepEqual(names.missingFiles(text), []);
        });

        it("links to files that exist", () => {
            assert.deepEqual(names.missingLinks(text, dirname(document)), []);
        });

        it("names commands that exist", () => {
            assert.deepEqual(names.missingCommands(text), []);
        });

        it("names settings that exist", () => {
            assert.deepEqual(names.missingSettings(text), []);
        });

        it("names identifiers that exist", { skip: RECORDS.includes(document) }, () => {
            const isHowTo = HOW_TOS.includes(document);
            assert.deepEqual(names.missingIdentifiers(text, { isHowTo }), []);
        });
    });
}

describe("docs/architecture.md", () => {
    const text = read("docs/architecture.md");
    const section = (title) => text.split(`## ${title}\n`)[1].split("\n## ")[0];

    it("has a glossary of at most 30 terms, whose types exist", () => {
        const glossary = section("Glossary");
        const rows = glossary.match(/^\| /gm).length - 2;
        assert.ok(rows > 0 && rows <= 30, `${rows} terms`);
        assert.deepEqual(names.missingTypes(glossary), []);
    });

    it("has every source in its tree, and no other", () => {
        const { named, wanted } = names.missingInTree(section("Source tree"));
        assert.deepEqual({ named, wanted }, { named: [], wanted: [] });
    });
});

describe("the checks", () => {
    it("find what does not exist", () => {
        assert.deepEqual(names.missingFiles("`src/core/none.rs` `src/lib.rs`"), [
            "src/core/none.rs",
        ]);
        assert.deepEqual(names.missingLinks("[a](none.md) [b](index.md#c)", "docs"), [
            join("docs", "none.md"),
        ]);
        assert.deepEqual(
            names.missingCommands(
                "`npm run none`, `test:none`, `cargo test --test none`",
            ),
            ["none", "test:none", "tests/none.rs"],
        );
        assert.deepEqual(names.missingSettings("`mqtt_none` `mqtt_qos`"), ["mqtt_none"]);
        assert.deepEqual(names.missingIdentifiers("`no_such()` `quantile`"), ["no_such"]);
        const identifiers = (step) =>
            names.missingIdentifiers(`1. \`src/core/math/quantile.rs\`: ${step}`, {
                isHowTo: true,
            });
        assert.deepEqual(identifiers("`quantile`\n2. `TempEta`"), []);
        assert.deepEqual(identifiers("`quantile`, `TempEta`"), [
            "TempEta of src/core/math/quantile.rs",
        ]);
        assert.deepEqual(names.missingTypes("| `NoSuch` | a |\n| `Estimator` | b |"), [
            "NoSuch",
        ]);
        const { named, wanted } = names.missingInTree("engine.js none.rs");
        assert.deepEqual(named, ["none.rs"]);
        assert.ok(wanted.includes("lag.rs") && !wanted.includes("engine.js"));
    });
});
