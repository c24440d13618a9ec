// OctoPrints of the tests.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "@playwright/test";
import { startOctoPrint as start } from "../../scripts/octoprint/server.mjs";
import { cache, venvPython } from "../../scripts/paths.mjs";
import { addLogFile } from "./failure_logs.mjs";

/** A folder for an OctoPrint of a test, or of the file; no other of this run has it. */
export function octoprintFolder(name = "octoprint") {
    const { project, workerIndex } = test.info();
    return join(cache, project.name, `${workerIndex}-${name}`);
}

/**
 * An OctoPrint, as scripts/octoprint/server.mjs starts it, by default in a folder of its own;
 * `settings` are those of the plugin that it starts with.
 */
export async function startOctoPrint({ settings, config, ...options } = {}) {
    const { basedir = octoprintFolder() } = options;
    const plugins = { temp_eta: settings, ...config?.plugins };
    // What it says even if it does not come to start.
    const name = basename(basedir);
    addLogFile(name, join(basedir, "logs", "console.log"));
    const octoprint = await start({
        timeoutMs: 240_000,
        ...options,
        basedir,
        config: { ...config, plugins },
    });
    addLogFile(name, octoprint.logFile);
    return octoprint;
}

/** What can be set in the plugin: type, default and limits by key. */
export const definitions = JSON.parse(
    readFileSync(new URL("../data/settings.json", import.meta.url), "utf8"),
);

const READ = `
import json, sys, yaml
print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))))
`;

/** What a file of YAML has. */
export const readYaml = (file) =>
    JSON.parse(execFileSync(venvPython, ["-c", READ, file]));

/** What the config.yaml of an OctoPrint has. */
export const configOf = ({ basedir }) => readYaml(join(basedir, "config.yaml"));
