import { venvPython } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { installPythonPackages } from "./setup/python-packages.mjs";

/** Writes the files that are made from octoprint_temp_eta/settings.py. */
export default async function settings() {
    await installPythonPackages();
    await logged(venvPython, ["-m", "scripts.settings.write"], {
        log: "settings",
        failure: "src/settings.json and docs/settings.md could not be written.",
    });
}
