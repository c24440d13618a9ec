import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPlugin } from "../build/plugin.mjs";
import { dist, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { offline, pip } from "../setup/python-packages.mjs";
import { gatherContents } from "./contents.mjs";

/** Where `npm run package` leaves the zip that OctoPrint's Plugin Manager installs. */
export const zipFile = join(dist, "OctoPrint-TempETA.zip");

const zipFolder = fileURLToPath(new URL("zip_folder.py", import.meta.url));

// The first moment of 2000, as in the zip: the wheel comes out the same every time too.
const SOURCE_DATE_EPOCH = "946684800";

/** Builds the plugin, then its zip and its wheel in dist/; returns both paths. */
export async function buildArtefacts() {
    await buildPlugin();
    console.log("Packaging the plugin ...");
    const contents = gatherContents();
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    await logged(venvPython, [zipFolder, contents, zipFile], {
        log: "package-zip",
        failure: "The zip file could not be written.",
    });
    const wheelFile = await buildWheel(contents);
    for (const file of [zipFile, wheelFile]) {
        console.log(
            `dist/${basename(file)}: ${(statSync(file).size / 1000).toFixed(1)} kB`,
        );
    }
    return { zipFile, wheelFile };
}

/** Out of the copy, so that setuptools leaves nothing behind in the work tree. */
async function buildWheel(contents) {
    const target = join(contents, "..", "wheel");
    const args = pip("wheel", ...offline, "--wheel-dir", target, contents);
    await logged(venvPython, args, {
        log: "package-wheel",
        failure: "The wheel could not be built.",
        env: { SOURCE_DATE_EPOCH },
    });
    const name = readdirSync(target).find((file) => file.endsWith(".whl"));
    const wheelFile = join(dist, name);
    renameSync(join(target, name), wheelFile);
    return wheelFile;
}
