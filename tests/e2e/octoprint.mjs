// Starts OctoPrint for tests.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "@playwright/test";
import { startOctoPrint as start } from "../../scripts/octoprint/server.mjs";
import { cache, venvPython } from "../../scripts/paths.mjs";
import { addLogFile } from "./failure_logs.mjs";

/** A folder for an OctoPrint that no other test of this run uses. */
export function octoprintFolder(name = "octoprint") {
    const { project, workerIndex } = test.info();
    return join(cache, project.name, `${workerIndex}-${name}`);
}

/**
 * Starts OctoPrint with scripts/octoprint/server.mjs, by default in its own folder; `settings`
 * are the plugin's.
 */
export async function startOctoPrint({ settings, config, ...options } = {}) {
    const { basedir = octoprintFolder() } = options;
    const plugins = { temp_eta: settings, ...config?.plugins };
    // Also logged if the start fails.
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

/** The plugin's settings: type, default and limits by key. */
export const definitions = JSON.parse(
    readFileSync(new URL("../../src/settings.json", import.meta.url), "utf8"),
);

const READ = `
import json, sys, yaml
print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))))
`;

/** Reads a YAML file. */
export const readYaml = (file) =>
    JSON.parse(execFileSync(venvPython, ["-c", READ, file]));

/** The config.yaml of an OctoPrint. */
export const configOf = ({ basedir }) => readYaml(join(basedir, "config.yaml"));
