// What the tests in a browser share: an OctoPrint for each file, and its page.
import { test as base } from "@playwright/test";
import { openPage } from "./browser.mjs";
import { startOctoPrint } from "./octoprint.mjs";
import { forgetGone, tellWhy } from "./why.mjs";

export { expect } from "@playwright/test";

/**
 * Playwright's `test` with
 * - `octoprint`, started with `octoprintOptions` for the tests of a file, which are steps of
 *   one story;
 * - `page`, that OctoPrint's page, opened with `pageOptions` and the same for all of them;
 *   a test fails if the page complains of something;
 * - `open(pageOptions, url)` for further pages of it, which close with the test.
 */
export const test = base.extend({
    octoprintOptions: [{}, { scope: "worker", option: true }],
    pageOptions: [{}, { scope: "worker", option: true }],

    octoprint: [
        async ({ octoprintOptions }, use) => {
            const octoprint = await startOctoPrint(octoprintOptions);
            await use(octoprint);
            await octoprint.stop();
        },
        { scope: "worker", timeout: 120_000 },
    ],

    openedPage: [
        async ({ browser, octoprint, pageOptions }, use) => {
            const page = await openPage(browser, octoprint.url, pageOptions);
            await use(page);
            await page.context().close();
        },
        { scope: "worker", timeout: 120_000 },
    ],

    page: async ({ openedPage }, use) => {
        await use(openedPage);
        base.expect(openedPage.faults, "what the page complains of").toEqual([]);
    },

    open: async ({ browser, octoprint }, use) => {
        const pages = [];
        await use(async (options, url = octoprint.url) => {
            pages.push(await openPage(browser, url, options));
            return pages.at(-1);
        });
        for (const page of pages) await page.close();
    },

    why: [
        // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
        async ({}, use, testInfo) => {
            forgetGone();
            await use();
            await tellWhy(testInfo);
        },
        { auto: true },
    ],
});
