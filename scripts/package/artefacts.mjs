import {
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { buildPlugin } from "../build/plugin.mjs";
import { cache, dist, root, venvPython } from "../paths.mjs";
import { projectVersion } from "../release/texts.mjs";
import { logged } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { offline, pip } from "../setup/python-packages.mjs";

/** The zip for OctoPrint's Plugin Manager. */
export const zipFile = join(dist, "OctoPrint-TempETA.zip");

const here = join(root, "scripts", "package");
const work = join(cache, "package");

// What setuptools needs; the sources are released separately.
const CONTENTS = [
    ...["LICENSE", "THIRD-PARTY.txt", "pyproject.toml", "octoprint_temp_eta"],
    ...["static/built", "templates", "translations"],
];
const LEFT_OUT = /^(\..*|__pycache__|.*\.pot)$/;

/** The version in pyproject.toml. */
export function version() {
    return projectVersion(readFileSync(join(root, "pyproject.toml"), "utf8"));
}

/** Builds the plugin, then its zip and its wheel in dist/; returns both paths. */
export async function buildArtefacts() {
    await buildPlugin();
    console.log("Packaging the plugin ...");
    const name = `OctoPrint-TempETA-${version()}`;
    for (const folder of [work, dist]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    const wheelFile = await buildWheel(name);
    // The zip contains the wheel, since older OctoPrints accept no wheels or rename them.
    const inZip = join(work, "zip", name);
    cpSync(join(here, "zip"), inZip, { recursive: true });
    copyFileSync(wheelFile, join(inZip, basename(wheelFile)));
    await python("zip_folder.py", join(work, "zip"), zipFile);
    for (const file of [zipFile, wheelFile]) {
        const size = statSync(file).size / 1000;
        console.log(`dist/${basename(file)}: ${size.toFixed(1)} kB`);
    }
    return { zipFile, wheelFile };
}

/** Builds in a copy, so that setuptools leaves no files in the work tree. */
async function buildWheel(name) {
    const copy = join(work, name);
    for (const item of CONTENTS) {
        const from = join(root, item);
        if (!existsSync(from)) throw new Failure(`${item} is missing.`);
        const filter = (file) => !LEFT_OUT.test(basename(file));
        cpSync(from, join(copy, item), { recursive: true, filter });
    }
    await python("catalogues.py", join(copy, "translations"), root);
    const target = join(work, "wheel");
    await python(...pip("wheel", ...offline, "--wheel-dir", target, copy));
    const [wheel] = readdirSync(target);
    const unpacked = join(work, "unpacked");
    await python("-m", "zipfile", "-e", join(target, wheel), unpacked);
    await python("zip_folder.py", unpacked, join(dist, wheel));
    return join(dist, wheel);
}

/** Runs a Python script of this folder, or a module. */
function python(first, ...args) {
    const script = first.endsWith(".py") ? join(here, first) : first;
    return logged(venvPython, [script, ...args], {
        log: "package",
        failure: "The plugin could not be packaged.",
    });
}
