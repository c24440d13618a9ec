// The output of `npm run package` in dist/, as users get it.
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { dist, venvPython } from "../../scripts/paths.mjs";
import { expect, test } from "./fixtures.mjs";

const LIST = `
import json, sys, zipfile
entries = zipfile.ZipFile(sys.argv[1]).infolist()
print(json.dumps([[it.filename, it.file_size, it.date_time[0]] for it in entries]))
`;

const list = (name) =>
    JSON.parse(execFileSync(venvPython, ["-c", LIST, join(dist, name)]));
const ZIP = "OctoPrint-TempETA.zip";
const WHEEL = readdirSync(dist).find((name) => name.endsWith(".whl"));

test("are less than 262 kB as a zip and less than 525 kB installed", () => {
    expect(statSync(join(dist, ZIP)).size).toBeLessThan(262_000);
    const sizes = list(WHEEL).map(([, size]) => size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(525_000);
});

test("are for any Python 3 on any machine", () => {
    expect(WHEEL).toMatch(/^octoprint_tempeta-.+-py3-none-any\.whl$/);
});

test("are the same: the zip holds the wheel and a build backend that returns it", () => {
    const files = list(ZIP).map(([file]) => file);
    const [folder] = files[0].split("/");
    const held = ["backend.py", WHEEL, "pyproject.toml"];
    expect(files).toEqual(held.map((file) => `${folder}/${file}`));
});

test("have files with a fixed date, and nothing that only developers need", () => {
    for (const [file, , year] of [ZIP, WHEEL].flatMap(list)) {
        expect(year, file).toBe(2000);
        expect(file).not.toMatch(/\.(rs|pot|map|d\.ts|pyc)$|\/tests?\//);
    }
    const folder = "octoprint_temp_eta/static/";
    const built = list(WHEEL)
        .filter(([file]) => file.startsWith(folder))
        .map(([file]) => file.slice(folder.length).replace(/-\w{8}\./, "-#."));
    expect(built.sort()).toEqual([
        "built/app-#.js",
        "built/settings_pane-#.js",
        "built/shared-#.js",
        "built/temp_eta-#.wasm.gz",
        "built/temp_eta.css",
        "built/temp_eta.js",
        "built/temp_eta_server.wasm.gz",
        "built/temp_eta_settings.js",
        "built/temperature_tab.js",
    ]);
});
