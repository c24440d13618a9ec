import { join } from "node:path";
import { root } from "../paths.mjs";
import { findPython } from "./prerequisites.mjs";
import { pyenvPythons } from "./pyenv.mjs";
import { installVenv } from "./python-packages.mjs";

const folder = join(root, ".venv-docs");

/** Makes a virtual environment with the tools for the site; returns its folder. */
export async function installDocsTools() {
    await installVenv(folder, {
        requirements: "requirements-docs.txt",
        what: "the tools for the documentation",
        takes: "half a minute",
        find: () =>
            findPython({
                programs: [
                    ...["python3", "python", "python3.13", "python3.12", "python3.11"],
                    ...["python3.10", ...pyenvPythons()],
                ],
                // The oldest version that mkdocstrings supports.
                oldest: [3, 10],
                newest: [3, 14],
                remedy: "install it",
            }),
    });
    return folder;
}
