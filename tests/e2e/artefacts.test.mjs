// What `npm run package` has left in dist/, as users get it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { dist, venvPython } from "../../scripts/paths.mjs";

const LIST = `
import json, sys, zipfile
entries = zipfile.ZipFile(sys.argv[1]).infolist()
print(json.dumps([[it.filename, it.file_size, it.date_time[0]] for it in entries]))
`;

const list = (name) =>
    JSON.parse(
        execFileSync(venvPython, ["-c", LIST, join(dist, name)], { encoding: "utf8" }),
    );
const named = (ending) => readdirSync(dist).find((name) => name.endsWith(ending));

describe("the artefacts", () => {
    it("are a zip of less than 200 kB and less than 400 kB once installed", () => {
        assert.ok(statSync(join(dist, "OctoPrint-TempETA.zip")).size < 200_000);
        const sizes = list(named(".whl")).map(([, size]) => size);
        const installed = sizes.reduce((sum, size) => sum + size);
        assert.ok(installed < 400_000, `${installed}`);
    });

    it("are for any Python 3 on any machine", () => {
        assert.match(named(".whl"), /^octoprint_tempeta-.+-py3-none-any\.whl$/);
    });

    it("are one and the same: the zip holds the wheel, and what hands it to pip", () => {
        const [folder] = list("OctoPrint-TempETA.zip")[0][0].split("/");
        assert.deepEqual(
            list("OctoPrint-TempETA.zip").map(([file]) => file),
            ["backend.py", named(".whl"), "pyproject.toml"].map(
                (file) => `${folder}/${file}`,
            ),
        );
    });

    it("hold files of no date, and nothing that only developers need", () => {
        const files = ["OctoPrint-TempETA.zip", named(".whl")].flatMap(list);
        for (const [file, , year] of files) {
            assert.equal(year, 2000);
            assert.doesNotMatch(file, /\.(rs|pot|map|d\.ts|pyc)$|\/tests?\//);
        }
        const built = list(named(".whl"))
            .map(([file]) => file.replace(/-[\w]{8}\./, "-#."))
            .filter((file) => file.startsWith("octoprint_temp_eta/static/"));
        assert.deepEqual(
            built.map((file) => file.slice("octoprint_temp_eta/static/".length)).sort(),
            [
                "built/page-#.js",
                "built/settings_pane-#.js",
                "built/shared-#.js",
                "built/temp_eta-#.wasm.gz",
                "built/temp_eta.css",
                "built/temp_eta.js",
                "built/temp_eta_relay.wasm.gz",
                "built/temp_eta_settings.js",
                "built/temperature_tab.js",
            ],
        );
    });
});
