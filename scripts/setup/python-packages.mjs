import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { venv, venvPython } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { fingerprint, Stamp } from "../run/stamp.mjs";
import { findPython } from "./prerequisites.mjs";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** A virtual environment with OctoPrint, the test runner and the linters. */
export async function installPythonPackages() {
    const stamp = new Stamp(
        join(venv, ".requirements-sha256"),
        fingerprint([requirements]),
    );
    // A venv breaks when the Python it was made from is upgraded or the folder moves.
    const works = (await output(venvPython, ["-m", "pip", "--version"])) !== null;
    if (works && stamp.isCurrent) {
        return;
    }
    if (!works) {
        rmSync(venv, { recursive: true, force: true });
        console.log("Creating a Python environment in .venv ...");
        await logged(await findPython(), ["-m", "venv", venv], {
            log: "python-venv",
            failure: "The Python environment .venv could not be created.",
        });
    }
    console.log("Installing OctoPrint and the Python tools (about a minute) ...");
    await logged(venvPython, pip("install", "--requirement", requirements), {
        log: "python-packages",
        failure:
            "OctoPrint and the Python tools could not be installed " +
            "(some packages need a C compiler and Python's headers).",
    });
    stamp.write();
}

/** For pip: takes what is here, asks no package index. */
export const offline = ["--no-deps", "--no-build-isolation", "--no-index"];

/** Arguments for Python that run pip quietly. */
export function pip(...args) {
    return ["-m", "pip", "--disable-pip-version-check", "--no-input", ...args];
}
