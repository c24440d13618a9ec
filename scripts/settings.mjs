import { venvPython } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { installPythonPackages } from "./setup/python-packages.mjs";

/** Writes what follows from the table of the settings, where that is not up to date. */
export async function writeSettings() {
    await logged(venvPython, ["-m", "scripts.settings.write"], {
        log: "settings",
        failure: "What follows from the settings could not be written.",
    });
}

export default async function settings() {
    await installPythonPackages();
    await writeSettings();
}
