// The built scripts and the templates' bindings: OctoPrint bundles the scripts of all plugins into
// one classic script, so module syntax in ours, or syntax newer than OctoPrint's own, would break
// all of them in some browser.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Script } from "node:vm";
import { CLASSIC, CLASSIC_SYNTAX } from "../../scripts/build/page.mjs";
import { root } from "../../scripts/paths.mjs";
import { newerSyntax } from "./compatibility.mjs";

const read = (...path) => readFileSync(join(root, ...path), "utf8");

for (const name of CLASSIC) {
    describe(`${name}.js`, () => {
        const source = read("static", "built", `${name}.js`);

        it("is a classic script, also after OctoPrint has indented it", () => {
            const indented = source.replaceAll("\n", "\n        ");
            assert.doesNotThrow(
                () => new Script(`(function () { try { ${indented} } catch (e) {} })();`),
            );
            for (const line of source.split("\n")) {
                const ticks = line.split("`").length - 1;
                assert.equal(ticks % 2, 0, `a template literal over two lines: ${line}`);
            }
        });

        it("is JavaScript as of 2018, except for import()", async () => {
            assert.equal(await newerSyntax(source, CLASSIC_SYNTAX), null);
        });
    });
}

it("OctoPrint gets these scripts", () => {
    const [, list] = /^SCRIPTS = \((.*)\)$/m.exec(
        read("octoprint_temp_eta", "assets.py"),
    );
    assert.deepEqual(list.match(/\w+(?=\.js)/g), CLASSIC);
});

describe("the templates' bindings", () => {
    const bindings = readdirSync(join(root, "templates"), { recursive: true })
        .filter((name) => name.endsWith(".jinja2"))
        .flatMap((name) => bindingsIn(read("templates", name)));
    // The form's conditions are in Python.
    const conditions = [
        ...read("octoprint_temp_eta", "settings.py").matchAll(/\bShown\(\s*"([^"]+)"/g),
    ].map(([, condition]) => `visible: ${condition}`);

    it("are found", () => {
        assert.ok(bindings.length > 100, `${bindings.length} bindings`);
        assert.ok(conditions.length > 3, `${conditions.length} conditions`);
    });

    it("are JavaScript as of 2018", async () => {
        // Knockout makes a function of each.
        const source = [...bindings, ...conditions]
            .map((it) => `({ ${it} });`)
            .join("\n");
        assert.equal(await newerSyntax(source, { target: "es2018" }), null);
    });
});

/** The bindings in a template; an expression of Jinja's in them becomes an identifier. */
function bindingsIn(template) {
    const plain = template.replaceAll(/\{\{.*?\}\}/gs, "x").replaceAll(/\{%.*?%\}/gs, "");
    return [
        ...plain.matchAll(/data-bind="([^"]*)"/g),
        ...plain.matchAll(/<!-- ko (.*?) -->/gs),
    ].map(([, binding]) => binding);
}
