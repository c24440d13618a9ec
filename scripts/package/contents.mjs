import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { cache, root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { filesBelow } from "../run/stamp.mjs";

// What pip needs, and the source of the wasm module, which its licence asks for.
const FILES = ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "pyproject.toml"];
const FOLDERS = ["octoprint_temp_eta", "src", "static", "templates", "translations"];
const LEFT_OUT = /(^|\/)(\.[^/]*|__pycache__\/.*|static\/wasm\/.*\.d\.ts|[^/]*\.pot)$/;

/** The version that pyproject.toml names. */
export function version() {
    const text = readFileSync(join(root, "pyproject.toml"), "utf8");
    const found = /^\[project\]$[^[]*?^version = "([^"]+)"$/m.exec(text)?.[1];
    if (!found) {
        throw new Failure("pyproject.toml does not name a version.");
    }
    return found;
}

/** Copies what ships, and nothing else, to a fresh folder and returns its path. */
export function gatherContents() {
    const parent = join(cache, "package");
    const target = join(parent, `OctoPrint-TempETA-${version()}`);
    rmSync(parent, { recursive: true, force: true });
    for (const file of contents()) {
        const copy = join(target, relative(root, file));
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(file, copy);
    }
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
