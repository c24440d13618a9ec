import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pythonOf, root } from "../paths.mjs";
import { findPython } from "./prerequisites.mjs";
import { installVenv } from "./python-packages.mjs";

const folder = join(root, ".venv-homeassistant");

/** A virtual environment with Home Assistant; returns its Python. */
export async function installHomeAssistant() {
    const named = process.env.HOMEASSISTANT_PYTHON;
    await installVenv(folder, {
        requirements: "requirements-homeassistant.txt",
        what: "Home Assistant",
        takes: "some minutes",
        find: () =>
            findPython({
                programs: named ? [named] : ["python3.13", "python3.12", ...pyenv()],
                // The oldest that takes a whole device in one message needs 3.12.
                oldest: [3, 12],
                newest: [3, 13],
                remedy: "install it, or name one in HOMEASSISTANT_PYTHON",
            }),
        choice: [named ?? ""],
    });
    return pythonOf(folder);
}

/** The Pythons that pyenv has installed, the newest first. */
function pyenv() {
    const versions = join(
        process.env.PYENV_ROOT || join(homedir(), ".pyenv"),
        "versions",
    );
    if (!existsSync(versions)) {
        return [];
    }
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const names = readdirSync(versions).sort(compare).reverse();
    return names.map((name) => join(versions, name, "bin", "python"));
}
