import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installToolchain } from "./rust.mjs";

// The range of versions that OctoPrint 1.11 supports.
const FOR_OCTOPRINT = {
    programs: ["python3", "python", "python3.13", "python3.12", "python3.11"],
    oldest: [3, 9],
    newest: [3, 13],
    remedy: "install it",
};

/** Checks for programs that the scripts cannot install. */
export async function checkPrerequisites() {
    if (Number(process.versions.node.split(".")[0]) < 20) {
        throw new Failure(
            `Node.js ${process.versions.node} is too old: install version 20 or newer, then run this again.`,
        );
    }
    if (!(await output("git", ["--version"]))) {
        throw new Failure("git is missing: install it, then run this again.");
    }
    await installToolchain();
    await checkRust();
    await findPython();
}

async function checkRust() {
    const version = await output("rustc", ["--version"]);
    if (!version || !(await output("cargo", ["--version"]))) {
        throw new Failure(
            "Rust is missing: install it with rustup (https://rustup.rs), then run this again.",
        );
    }
    const numbers = (text) => /(\d+)\.(\d+)/.exec(text).slice(1).map(Number);
    const cargoToml = readFileSync(join(root, "Cargo.toml"), "utf8");
    const oldest = numbers(/^rust-version = "(.+)"$/m.exec(cargoToml)[1]);
    if (compare(numbers(version), oldest) < 0) {
        throw new Failure(
            `${version} is too old: run "rustup update" (${oldest.join(".")} or newer), then run this again.`,
        );
    }
}

/**
 * The name of a Python of a version from `oldest` to `newest`, the first of `programs`.
 *
 * The default range is that of OctoPrint.
 */
export async function findPython(wanted = FOR_OCTOPRINT) {
    const { programs, oldest, newest, remedy } = wanted;
    const seen = new Set();
    let isWithoutVenv = false;
    for (const program of programs) {
        const version = await pythonVersion(program);
        if (!version) {
            continue;
        }
        if (compare(version, oldest) < 0 || compare(version, newest) > 0) {
            seen.add(version.join("."));
            continue;
        }
        if ((await output(program, ["-c", "import ensurepip, venv"])) === null) {
            isWithoutVenv = true;
            continue;
        }
        return program;
    }
    if (isWithoutVenv) {
        throw new Failure(
            `Python's venv module is missing: install it (Debian: python3-venv), then run this again.`,
        );
    }
    const found = seen.size ? `only ${[...seen].join(", ")} was found` : "none was found";
    const range = `${oldest.join(".")} to ${newest.join(".")}`;
    throw new Failure(
        `Python ${range} is missing (${found}): ${remedy}, then run this again.`,
    );
}

async function pythonVersion(program) {
    const code = "import sys; print(*sys.version_info[:2])";
    const text = await output(program, ["-c", code]);
    return text?.split(" ").map(Number);
}

function compare(a, b) {
    return a[0] - b[0] || a[1] - b[1];
}
