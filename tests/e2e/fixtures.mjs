// Fixtures of the browser tests: an OctoPrint for each file, and its page.
import { test as base, expect } from "@playwright/test";
import { openPage } from "./browser.mjs";
import { printLogs, removeGone } from "./failure_logs.mjs";
import { startOctoPrint } from "./octoprint.mjs";
import { startProxy } from "./proxy.mjs";

export { expect };

/**
 * Details of a test that only `npm run test:all` runs: a variant of another one, or one that takes
 * minutes.
 */
export const ONLY_IN_ALL = { tag: "@all" };

/** Whether this run includes those tests. */
export const isWhole = Boolean(process.env.TEMP_ETA_ALL);

/**
 * Playwright's `test` with
 * - `octoprint`, started with `octoprintOptions` for all tests of a file, which build on each
 *   other;
 * - `page`, that OctoPrint's page, opened with `pageOptions` for all tests of the file;
 * - `open(pageOptions)`, which opens more pages, of this OctoPrint or of the one given as `of`,
 *   and closes them after the test; `proxy` has the options of a proxy in front of OctoPrint.
 *
 * A test fails if one of its pages reports an error.
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
        { scope: "worker", timeout: 300_000 },
    ],

    openedPage: [
        async ({ browser, octoprint, pageOptions }, use) => {
            const page = await openPage(browser, octoprint, pageOptions);
            await use(page);
            await page.context().close();
        },
        { scope: "worker", timeout: 300_000 },
    ],

    page: async ({ openedPage }, use) => {
        await use(openedPage);
        expectNoFaults([openedPage]);
    },

    open: async ({ browser, octoprint }, use) => {
        const pages = [];
        const proxies = [];
        await use(async ({ of = octoprint, proxy: proxyOptions, ...options } = {}) => {
            const proxy = proxyOptions && (await startProxy(of.url, proxyOptions));
            if (proxy) proxies.push(proxy);
            const url = proxy?.url;
            const page = await openPage(browser, of, { url, ...options });
            pages.push(page);
            return Object.assign(page, { proxy });
        });
        for (const page of pages) await page.close();
        for (const proxy of proxies) await proxy.stop();
        expectNoFaults(pages);
    },

    failureLogs: [
        // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
        async ({}, use, testInfo) => {
            removeGone();
            await use();
            await printLogs(testInfo);
        },
        { auto: true },
    ],
});

export function expectNoFaults(pages) {
    const faults = pages.flatMap((page) => page.faults);
    expect(faults, "errors of the page").toEqual([]);
}
