// The built scripts: OctoPrint bundles those of all plugins into one classic script, so module
// syntax in ours would break all of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { Script } from "node:vm";

for (const name of ["temp_eta", "temp_eta_settings", "temperature_tab"]) {
    it(`${name}.js is a classic script, also after OctoPrint has indented it`, () => {
        const file = new URL(`../../static/built/${name}.js`, import.meta.url);
        const source = readFileSync(file, "utf8");
        const indented = source.replaceAll("\n", "\n        ");
        assert.doesNotThrow(
            () => new Script(`(function () { try { ${indented} } catch (e) {} })();`),
        );
        for (const line of source.split("\n")) {
            const ticks = line.split("`").length - 1;
            assert.equal(ticks % 2, 0, `a template literal over two lines: ${line}`);
        }
    });
}
