import { venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { offline, pip } from "../setup/python-packages.mjs";

/** Installs a packaged plugin (zip or wheel) into a Python environment with OctoPrint. */
export async function installPlugin(file, { python = venvPython } = {}) {
    console.log("Installing the plugin into OctoPrint ...");
    await logged(python, pip("install", ...offline, "--force-reinstall", file), {
        log: "install-plugin",
        failure: `The plugin could not be installed for ${python}.`,
    });
}
