// The ways in which OctoPrint serves its page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache, root } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements } from "./browser.mjs";
import { startProxy } from "./proxy.mjs";

// A page that was tampered with may not open every connection, which is no news.
const ours = (faults) =>
    faults.filter((fault) => !fault.includes("WebSocket connection"));

describe("the page", () => {
    let octoprint;
    let browser;

    before(async () => {
        const basedir = join(cache, "e2e-page");
        const options = { heat: { bed: 115 }, bundle: false };
        octoprint = await startOctoPrint({ basedir, ...options });
        browser = await openBrowser({ hosts: ["octopi.test"] });
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    it("counts down with unbundled scripts", async () => {
        const page = await openPage(browser, octoprint.url);
        await countdown(placements(page, "bed").inline);
        assert.deepEqual(page.faults, []);
        await page.close();
    });

    it("counts down behind a path prefix, over plain http on a name", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/");
        try {
            const url = `http://octopi.test:${proxy.port}/octo/`;
            const page = await openPage(browser, url);
            assert.equal(await page.evaluate(() => window.isSecureContext), false);
            await countdown(placements(page, "bed").inline);
            assert.deepEqual(page.faults, []);
            await page.close();
        } finally {
            await proxy.stop();
        }
    });

    it("keeps the messages that come before the calculation is loaded", async () => {
        const prepare = (page) =>
            page.route("**/*.wasm.gz", async (route) => {
                await sleep(4000);
                await route.continue();
            });
        const page = await openPage(browser, octoprint.url, { prepare });
        await page.locator("#sidebar_plugin_temp_eta", { hasText: "Loading…" }).waitFor();
        await countdown(placements(page, "bed").inline);
        assert.deepEqual(page.faults, []);
        await page.close();
    });

    it("unpacks the calculation itself where no server has the browser do it", async () => {
        const prepare = (page) =>
            page.route("**/*.wasm.gz", async (route) => {
                const name = route.request().url().split("/").at(-1);
                const body = readFileSync(join(root, "static", "built", name));
                await route.fulfill({ contentType: "application/octet-stream", body });
            });
        const page = await openPage(browser, octoprint.url, { prepare });
        await countdown(placements(page, "bed").inline);
        assert.deepEqual(page.faults, []);
        await page.close();
    });

    it("leaves a temperature table alone that is not OctoPrint's", async () => {
        // As a plugin does that replaces the tab: its own copy of the table, no graph.
        const prepare = (page) =>
            page.route(octoprint.url, async (route) => {
                const response = await route.fetch();
                const html = await response.text();
                const body = html
                    .replace('id="temperature-graph"', 'id="other-graph"')
                    .replace(
                        'class="temperature_actual" data-bind="html:',
                        'data-bind="html:',
                    );
                await route.fulfill({ response, body });
            });
        const page = await openPage(browser, octoprint.url, { prepare });
        await countdown(placements(page, "bed").sidebar);
        assert.ok((await page.locator("#temperature-table td").count()) > 3);
        assert.deepEqual(ours(page.faults), []);
        await page.close();
    });

    it("does without its own templates", async () => {
        const prepare = (page) =>
            page.route(octoprint.url, async (route) => {
                const response = await route.fetch();
                const body = (await response.text()).replace(
                    "temp-eta-inline-template",
                    "gone",
                );
                await route.fulfill({ response, body });
            });
        const page = await openPage(browser, octoprint.url, { prepare });
        await countdown(placements(page, "bed").sidebar);
        const actual = page.locator("#temperature-table .temperature_actual").nth(2);
        assert.match(await actual.textContent(), /\d/);
        assert.deepEqual(ours(page.faults), []);
        await page.close();
    });

    it("speaks German", async () => {
        const page = await openPage(browser, `${octoprint.url}?l10n=de`);
        const { sidebar } = placements(page, "bed");
        await countdown(sidebar);
        assert.equal(await sidebar.status.textContent(), "heizt");
        assert.equal(await sidebar.row.locator(".temp-eta-name").textContent(), "Bett");
        await page.close();
    });
});
