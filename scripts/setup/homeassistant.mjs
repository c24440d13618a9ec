import { join } from "node:path";
import { pythonOf, root } from "../paths.mjs";
import { findPython } from "./prerequisites.mjs";
import { pyenvPythons } from "./pyenv.mjs";
import { installVenv } from "./python-packages.mjs";

const folder = join(root, ".venv-homeassistant");

/** Makes a virtual environment with Home Assistant; returns its Python. */
export async function installHomeAssistant() {
    const named = process.env.HOMEASSISTANT_PYTHON;
    await installVenv(folder, {
        requirements: "requirements-homeassistant.txt",
        what: "Home Assistant",
        takes: "some minutes",
        find: () =>
            findPython({
                programs: named
                    ? [named]
                    : ["python3.13", "python3.12", ...pyenvPythons()],
                // The oldest version with device-based discovery needs 3.12.
                oldest: [3, 12],
                newest: [3, 13],
                remedy: "install it, or name one in HOMEASSISTANT_PYTHON",
            }),
        choice: [named ?? ""],
    });
    return pythonOf(folder);
}
