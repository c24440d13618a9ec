// The built files, for the oldest browsers that the page is built for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { sections } from "../../scripts/browsers.mjs";
import { BROWSERS, TARGETS } from "../../scripts/build/browsers.mjs";
import { root } from "../../scripts/paths.mjs";
import { withSection } from "../../scripts/sections.mjs";
import { newerNames, newerStyles, newerSyntax } from "./compatibility.mjs";

const built = join(root, "static", "built");
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const names = readdirSync(built);
const scripts = names.filter((name) => name.endsWith(".js"));
const styles = names.filter((name) => name.endsWith(".css"));

/** Newer names that are used, and why that is right. */
const EXCEPTIONS = {
    // Where a server sends the module packed and does not say so, which OctoPrint's does.
    DecompressionStream: /^app-/,
    pipeThrough: /^app-/,
    // wasm-bindgen's script looks whether it exists; Knockout's objects have one of their own.
    dispose: /^(app|shared)-/,
};

/** Members of our own objects that have the name of a newer one of the browser's. */
const OWN = "install loading memory number percent profile".split(" ");

for (const name of scripts) {
    describe(name, () => {
        const source = read("static", "built", name);

        it("has no syntax that the oldest browsers lack", async () => {
            assert.equal(await newerSyntax(source, { target: TARGETS }), null);
        });

        it("uses nothing that the oldest browsers lack", () => {
            const unexpected = (it) => !OWN.includes(it) && !EXCEPTIONS[it]?.test(name);
            assert.deepEqual(newerNames(source).filter(unexpected), []);
        });
    });
}

for (const name of styles) {
    it(`${name} has nothing that the oldest browsers lack`, async () => {
        const css = read("static", "built", name);
        const options = { target: TARGETS, loader: "css" };
        assert.equal(await newerSyntax(css, options), null);
        assert.deepEqual(newerStyles(css), []);
    });
}

it("the checks find what is newer", async () => {
    const syntax = (source, loader) => newerSyntax(source, { target: TARGETS, loader });
    assert.equal(await syntax("a ??= b ?? c; class D { #e() {} }"), null);
    assert.match(await syntax("class A { static { b(); } }"), /static/);
    assert.match(await syntax("a = /b/v"), /RegExp|regular|\/b\/v/);
    assert.match(await syntax(".a { inset: 0 }", "css"), /inset/);
    assert.match(await syntax(".a { & .b { color: red } }", "css"), /./);
    assert.deepEqual(
        newerNames(
            "Object.hasOwn(a,b),a.at(-2),a?.findLast(b),structuredClone(c)," +
                "d.replaceChildren(),Array.from(e).flatMap(f),new Map(g)",
        ),
        ["at", "findLast", "hasOwn", "replaceChildren", "structuredClone"],
    );
    assert.deepEqual(
        newerStyles(
            "@layer a{.b:has(c){overflow-wrap:anywhere;color:red}}" +
                "@media(max-width:9px){.d:not(.e)::after{inset:0;color:oklch(1 0 0)}}",
        ),
        [":has", "@layer", "color: oklch", "inset", "overflow-wrap: anywhere"],
    );
});

it("the linters know the year of the newest of these browsers", () => {
    const years = BROWSERS.map(({ released }) => Number(released.split("-")[0]));
    const year = Math.max(...years);
    const { lib } = JSON.parse(read("tsconfig.json")).compilerOptions;
    assert.ok(lib.includes(`es${year}`), `tsconfig.json: es${year}`);
    const { overrides } = JSON.parse(read("biome.json"));
    const { linter } = overrides.find(({ includes }) =>
        includes.includes("static/css/**"),
    );
    assert.equal(linter.rules.suspicious.useBaseline.options.available, year);
});

for (const [file, content] of Object.entries(sections)) {
    it(`${file} has what \`npm run browsers\` writes`, () => {
        const text = read(file);
        assert.equal(withSection(text, "browsers", content), text);
    });
}
