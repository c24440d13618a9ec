// The OctoPrints of the matrix, and how a test says what belongs to its whole.
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { pythonWith } from "../../scripts/setup/octoprints.mjs";

/** Whether everything is tried, or a part that stands for it. */
const isWhole = process.env.TEMP_ETA_MATRIX === "whole";

/** The OctoPrints that there are here. */
const versions = process.env.TEMP_ETA_OCTOPRINTS.split(" ");

/**
 * Suites, one for each OctoPrint: `body` is called with its version.
 *
 * @param {(version: string) => void} body
 * @param {{partly?: string}} [where] The one OctoPrint on which it is tried where not
 *     everything is; all, if none is named.
 */
export function onEveryOctoPrint(body, { partly } = {}) {
    for (const version of versions) {
        if (isWhole || !partly || partly === version) {
            describe(version, () => body(version));
        }
    }
}

/** A test that only the whole matrix has. */
export function itWholly(...args) {
    if (isWhole) it(...args);
}

/** All that OctoPrint finds on its PATH: its own Python's programs, no other tools. */
export const barePath = (version) => dirname(pythonWith(version));

/**
 * OctoPrint of a version, in a folder of its own, where no program of the developer's is
 * found.
 */
export function startVersion(version, name, { config, env, ...options } = {}) {
    return startOctoPrint({
        // Its administrator has no password that it could ask for again.
        config: { accessControl: { defaultReauthenticationTimeout: 0 }, ...config },
        basedir: join(cache, `matrix-${version}-${name}`),
        python: pythonWith(version),
        env: { PATH: barePath(version), ...env },
        ...options,
    });
}
