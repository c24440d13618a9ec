import { existsSync } from "node:fs";
import { join } from "node:path";
import { cache, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { pip } from "./python-packages.mjs";

// The oldest supported one, which OctoPrint-MQTT 0.8 requires, and the newest.
const VERSIONS = ["1.6.1", "2.2.0"];

/** Folders for PYTHONPATH, each with one version of paho-mqtt, by version. */
export async function installPahos() {
    const folders = {};
    for (const version of VERSIONS) {
        const folder = join(cache, "python", `paho-mqtt-${version}`);
        folders[version] = folder;
        if (existsSync(join(folder, "paho"))) {
            continue;
        }
        console.log(`Installing paho-mqtt ${version} ...`);
        const packages = ["--target", folder, `paho-mqtt==${version}`];
        await logged(venvPython, pip("install", "--no-deps", "--upgrade", ...packages), {
            log: `paho-mqtt-${version}`,
            failure: `paho-mqtt ${version} could not be installed.`,
        });
    }
    return folders;
}
