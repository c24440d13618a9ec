// The Python environments of the OctoPrints: installs the plugin and lists files.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { installPlugin } from "../../scripts/octoprint/install-plugin.mjs";
import { output } from "../../scripts/run/command.mjs";
import { openFiles } from "../../scripts/run/process-figures.mjs";
import { filesBelow } from "../../scripts/run/stamp.mjs";
import { pythonWith } from "../../scripts/setup/python-packages.mjs";

export const wheelFile = process.env.TEMP_ETA_WHEEL;
export const zipFile = process.env.TEMP_ETA_ZIP;

const PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"];

/** Installs the plugin for a version of OctoPrint. */
export function givePlugin(version, file = wheelFile) {
    return installPlugin(file, { python: pythonWith(version) });
}

/** Uninstalls the plugin, if it is installed. */
export function takePlugin(version) {
    const args = [...PIP, "uninstall", "--yes", "OctoPrint-TempETA"];
    execFileSync(pythonWith(version), args, { stdio: "ignore" });
}

/** The plugin's version that is installed for a version of OctoPrint, or null. */
export function installedPlugin(version) {
    const code = "import importlib.metadata as m; print(m.version('OctoPrint-TempETA'))";
    return output(pythonWith(version), ["-c", code]);
}

/** All files of an OctoPrint's environment except for other packages' bytecode. */
export function installedFiles(version) {
    const folder = dirname(dirname(pythonWith(version)));
    return filesBelow(folder)
        .map((file) => relative(folder, file))
        .filter((file) => !file.includes("__pycache__") || /temp_?eta/i.test(file));
}

/** The files that a process holds open or has mapped into its memory. */
export function heldFiles(pid) {
    const mapped = readFileSync(`/proc/${pid}/maps`, "utf8").match(/\/.*$/gm) ?? [];
    return [...new Set([...openFiles(pid), ...mapped])];
}
