// OctoPrints of the tests.
import { join } from "node:path";
import { test } from "@playwright/test";
import { startOctoPrint as start } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { hearLog } from "./why.mjs";

/** A folder for an OctoPrint of a test, or of the file; no other of this run has it. */
export function octoprintFolder(name = "octoprint") {
    const { project, workerIndex } = test.info();
    return join(cache, project.name, `${workerIndex}-${name}`);
}

/** An OctoPrint, as scripts/octoprint/server.mjs starts it, by default in a folder of its own. */
export async function startOctoPrint({ basedir = octoprintFolder(), ...options } = {}) {
    // What it says even if it does not come to start.
    hearLog("octoprint.log", join(basedir, "logs", "console.log"));
    const octoprint = await start({ basedir, ...options });
    hearLog("octoprint.log", octoprint.logFile);
    return octoprint;
}
