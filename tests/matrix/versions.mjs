// Fixtures for tests with several versions of OctoPrint.
import { dirname } from "node:path";
import { pythonWith } from "../../scripts/setup/python-packages.mjs";
import { openPage } from "../e2e/browser.mjs";
import { test as base } from "../e2e/fixtures.mjs";
import { startOctoPrint } from "../e2e/octoprint.mjs";
import { picture as take } from "../e2e/visual_checks.mjs";
import { givePlugin } from "./environment.mjs";

export { expect } from "../e2e/fixtures.mjs";

/**
 * The browser tests' `test` with the `version` of OctoPrint, and an `octoprint` of that version
 * with the plugin. Tags, read by playwright.config.mjs: a partial run skips `@whole`, and runs
 * `@partly-<version>` on that version only; on that of the e2e tests it runs nothing else.
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

    /** `start` starts OctoPrint and opens its page; later calls restart it with its data. */
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

/** A PATH with the programs of OctoPrint's own Python only. */
export const barePath = (version) => dirname(pythonWith(version));

/** Starts a version of OctoPrint without the developer's programs on its PATH. */
export function startVersion(version, { config, env, ...options } = {}) {
    return startOctoPrint({
        // The administrator has no password to enter again.
        config: { accessControl: { defaultReauthenticationTimeout: 0 }, ...config },
        python: pythonWith(version),
        env: { PATH: barePath(version), ...env },
        ...options,
    });
}

/** Restarts it with its data. */
export async function restartVersion(version, octoprint, options) {
    await octoprint.stop();
    return startVersion(version, { keep: true, apiKey: octoprint.apiKey, ...options });
}

/** Takes a screenshot named after the version. */
export const picture = (page, name) => take(page, `${test.info().project.name}-${name}`);
