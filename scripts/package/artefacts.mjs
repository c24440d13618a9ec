import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPlugin } from "../build/plugin.mjs";
import { dist, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { offline, pip } from "../setup/python-packages.mjs";
import { gatherContents } from "./contents.mjs";

/** The zip for OctoPrint's Plugin Manager that `npm run package` makes. */
export const zipFile = join(dist, "OctoPrint-TempETA.zip");

const zipFolder = fileURLToPath(new URL("zip_folder.py", import.meta.url));

/** The files in the zip besides the wheel. */
const besideWheel = fileURLToPath(new URL("zip", import.meta.url));

/** Builds the plugin, then its zip and its wheel in dist/; returns both paths. */
export async function buildArtefacts() {
    await buildPlugin();
    console.log("Packaging the plugin ...");
    const contents = await gatherContents();
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    const wheelFile = await buildWheel(contents);
    await buildZip(contents, wheelFile);
    for (const file of [zipFile, wheelFile]) {
        console.log(
            `dist/${basename(file)}: ${(statSync(file).size / 1000).toFixed(1)} kB`,
        );
    }
    return { zipFile, wheelFile };
}

/** Builds in a copy, so that setuptools leaves no files in the work tree. */
async function buildWheel(contents) {
    const target = join(contents, "..", "wheel");
    const args = pip("wheel", ...offline, "--wheel-dir", target, contents);
    await logged(venvPython, args, {
        log: "package-wheel",
        failure: "The wheel could not be built.",
    });
    const name = readdirSync(target).find((file) => file.endsWith(".whl"));
    const unpacked = join(target, "unpacked");
    await logged(venvPython, ["-m", "zipfile", "-e", join(target, name), unpacked], {
        log: "package-wheel",
        failure: "The wheel could not be unpacked.",
    });
    const wheelFile = join(dist, name);
    await writeZip(unpacked, wheelFile);
    return wheelFile;
}

/** Packs the wheel into a zip, since older OctoPrints accept no wheels or rename them. */
async function buildZip(contents, wheelFile) {
    const parent = join(contents, "..", "zip");
    const folder = join(parent, basename(contents));
    cpSync(besideWheel, folder, { recursive: true });
    copyFileSync(wheelFile, join(folder, basename(wheelFile)));
    await writeZip(parent, zipFile);
}

function writeZip(folder, file) {
    return logged(venvPython, [zipFolder, folder, file], {
        log: "package-zip",
        failure: `${basename(file)} could not be written.`,
    });
}
