// Fixtures of the tests that run in several browser engines.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../../scripts/paths.mjs";
import { test as base } from "../e2e/fixtures.mjs";
import { openEngine } from "./browsers.mjs";

export { expect } from "../e2e/fixtures.mjs";

/**
 * The browser tests' `test`, whose `page` is in the project's engine and has only the methods
 * of browsers.mjs. It stays open for all tests of a file.
 */
export const test = base.extend({
    engine: ["", { scope: "worker", option: true }],

    enginePage: [
        async ({ engine, playwright, browserName, launchOptions, channel }, use) => {
            const launch = () =>
                playwright[browserName].launch({ channel, ...launchOptions });
            const page = await openEngine(engine, launch);
            await use(page);
            await page.close();
        },
        { scope: "worker", timeout: 300_000 },
    ],

    page: ({ enginePage }, use) => use(enginePage),
});

const pictures = join(cache, "screenshots");

/** Saves a screenshot named after the engine in .cache/screenshots. */
export async function picture(page, name) {
    mkdirSync(pictures, { recursive: true });
    const path = join(pictures, `${test.info().project.name}-${name}.png`);
    await page.screenshot({ path });
}
