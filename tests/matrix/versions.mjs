// The OctoPrints of the matrix.
import { dirname } from "node:path";
import { pythonWith } from "../../scripts/setup/octoprints.mjs";
import { test as base } from "../e2e/fixtures.mjs";
import { picture as take } from "../e2e/looks.mjs";
import { startOctoPrint } from "../e2e/octoprint.mjs";

export { expect } from "../e2e/fixtures.mjs";

/**
 * `test` of the tests in a browser, with the `version` of OctoPrint that is tried. The tags are
 * for playwright.config.mjs: a part of the matrix leaves out what has `@whole`, and tries what
 * has `@partly-` and a version on that one alone.
 */
export const test = base.extend({ version: ["", { scope: "worker", option: true }] });

/** All that OctoPrint finds on its PATH: its own Python's programs, no other tools. */
export const barePath = (version) => dirname(pythonWith(version));

/** OctoPrint of a version, where no program of the developer's is found. */
export function startVersion(version, { config, env, ...options } = {}) {
    return startOctoPrint({
        // Its administrator has no password that it could ask for again.
        config: { accessControl: { defaultReauthenticationTimeout: 0 }, ...config },
        python: pythonWith(version),
        env: { PATH: barePath(version), ...env },
        ...options,
    });
}

/** Starts it again, as it was left. */
export async function restartVersion(version, octoprint, options) {
    await octoprint.stop();
    return startVersion(version, { keep: true, apiKey: octoprint.apiKey, ...options });
}

/** A picture of a page that this version serves. */
export const picture = (page, name) => take(page, `${test.info().project.name}-${name}`);
