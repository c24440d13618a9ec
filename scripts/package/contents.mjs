import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, root, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { filesBelow } from "../run/stamp.mjs";

// The files that setuptools needs; the sources are released separately.
const FILES = ["LICENSE", "THIRD-PARTY.txt", "pyproject.toml"];
const FOLDERS = ["octoprint_temp_eta", "static/built", "templates", "translations"];
const LEFT_OUT = /(^|\/)(\.[^/]*|__pycache__\/.*|[^/]*\.pot)$/;

const trimCatalogues = fileURLToPath(new URL("catalogues.py", import.meta.url));

/** The version in pyproject.toml. */
export function version() {
    const text = readFileSync(join(root, "pyproject.toml"), "utf8");
    const found = /^\[project\]$[^[]*?^version = "([^"]+)"$/m.exec(text)?.[1];
    if (!found) {
        throw new Failure("pyproject.toml does not name a version.");
    }
    return found;
}

/** Copies the files of the package to a new folder and returns its path. */
export async function gatherContents() {
    const parent = join(cache, "package");
    const target = join(parent, `OctoPrint-TempETA-${version()}`);
    rmSync(parent, { recursive: true, force: true });
    for (const file of contents()) {
        const copy = join(target, relative(root, file));
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(file, copy);
    }
    await logged(venvPython, [trimCatalogues, join(target, "translations"), root], {
        log: "package-catalogues",
        failure: "The translations could not be packaged.",
    });
    return target;
}

function contents() {
    const missing = FILES.filter((name) => !existsSync(join(root, name)));
    if (missing.length) {
        throw new Failure(`Nothing to package yet: ${missing.join(", ")} missing.`);
    }
    return [
        ...FILES.map((name) => join(root, name)),
        ...FOLDERS.flatMap((folder) => filesBelow(join(root, folder))).filter(
            (file) => !LEFT_OUT.test(relative(root, file).split(sep).join("/")),
        ),
    ];
}
