import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonOf, root, venv } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { fingerprint, Stamp } from "../run/stamp.mjs";
import { findPython } from "./prerequisites.mjs";

/** Makes a virtual environment with OctoPrint, the test runner and the linters. */
export async function installPythonPackages() {
    await installVenv(venv, {
        requirements: "requirements.txt",
        what: "OctoPrint and the Python tools",
        takes: "about a minute",
        find: findPython,
    });
}

/**
 * Makes a virtual environment in `folder` with the requirements of a file in this folder.
 *
 * @param {string} folder
 * @param {object} how
 * @param {string} how.requirements the name of that file
 * @param {string} how.what words for what it requires
 * @param {string} how.takes words for how long that takes
 * @param {() => Promise<string>} how.find finds the Python to make it from
 * @param {string[]} [how.choice] what else decides which packages there are; where that
 *     is so, something else to install makes a new environment
 */
export async function installVenv(folder, { requirements, what, takes, find, choice }) {
    const file = fileURLToPath(new URL(requirements, import.meta.url));
    const python = pythonOf(folder);
    const name = relative(root, folder);
    const stamp = new Stamp(
        join(folder, ".requirements-sha256"),
        fingerprint([file], choice),
    );
    // A virtual environment breaks if its Python is upgraded or its folder is moved.
    const works = (await output(python, ["-m", "pip", "--version"])) !== null;
    if (works && stamp.isCurrent) {
        return;
    }
    if (!works || choice) {
        const program = await find();
        rmSync(folder, { recursive: true, force: true });
        console.log(`Creating a Python environment in ${name} ...`);
        await logged(program, ["-m", "venv", folder], {
            log: "python-venv",
            failure: `The Python environment ${name} could not be created.`,
        });
    }
    console.log(`Installing ${what} (${takes}) ...`);
    await logged(python, pip("install", "--requirement", file), {
        log: "python-packages",
        failure:
            `${what} could not be installed ` +
            "(some packages need a C compiler and Python's headers).",
    });
    stamp.write();
}

/** Arguments that keep pip from using a package index. */
export const offline = ["--no-deps", "--no-build-isolation", "--no-index"];

/** Arguments for Python that run pip quietly. */
export function pip(...args) {
    return ["-m", "pip", "--disable-pip-version-check", "--no-input", ...args];
}
