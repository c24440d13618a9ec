// The OctoPrints of the matrix.
import { dirname } from "node:path";
import { pythonWith } from "../../scripts/setup/octoprints.mjs";
import { openPage } from "../e2e/browser.mjs";
import { test as base } from "../e2e/fixtures.mjs";
import { startOctoPrint } from "../e2e/octoprint.mjs";
import { picture as take } from "../e2e/visual_checks.mjs";
import { givePlugin } from "./environment.mjs";

export { expect } from "../e2e/fixtures.mjs";

/**
 * `test` of the tests in a browser, with the `version` of OctoPrint that is tried, and in its
 * `octoprint` the plugin. Tags, read by playwright.config.mjs: a partial run skips `@whole`, and
 * runs `@partly-<version>` on that version only.
 */
export const test = base.extend({
    version: ["", { scope: "worker", option: true }],

    octoprint: [
        async ({ version, octoprintOptions }, use) => {
            await givePlugin(version);
            const octoprint = await startVersion(version, octoprintOptions);
            await use(octoprint);
            await octoprint.stop();
        },
        { scope: "worker", timeout: 300_000 },
    ],

    /** `start` starts an OctoPrint and its page; the next time, again as they were left. */
    run: async ({ version, browser }, use) => {
        const run = {};
        run.start = async (options, pageOptions) => {
            await run.page?.close();
            if (run.octoprint) {
                run.octoprint = await restartVersion(version, run.octoprint, options);
            } else run.octoprint = await startVersion(version, options);
            run.page = await openPage(browser, run.octoprint, pageOptions);
        };
        await use(run);
        await run.page?.close();
        await run.octoprint?.stop();
    },
});

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
