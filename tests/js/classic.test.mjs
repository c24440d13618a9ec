// OctoPrint joins the listed scripts of all plugins into one classic script: a module's
// syntax in ours would take all of them down.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { Script } from "node:vm";

it("temp_eta.js is a classic script, also after OctoPrint has indented it", () => {
    const source = readFileSync(
        new URL("../../static/js/temp_eta.js", import.meta.url),
        "utf8",
    );
    const indented = source.replaceAll("\n", "\n        ");
    assert.doesNotThrow(
        () => new Script(`(function () { try { ${indented} } catch (e) {} })();`),
    );
    for (const line of source.split("\n")) {
        const ticks = line.split("`").length - 1;
        assert.equal(ticks % 2, 0, `a template literal over two lines: ${line}`);
    }
});
