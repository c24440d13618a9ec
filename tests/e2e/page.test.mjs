// The ways in which OctoPrint serves its page, and the module that cannot be loaded.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements, until } from "./browser.mjs";
import { startProxy } from "./proxy.mjs";

describe("the page", () => {
    let octoprint;
    let browser;

    before(async () => {
        const basedir = join(cache, "e2e-page");
        const options = { heat: { bed: 110 }, timeScale: 0.5, bundle: false };
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

    it("speaks German", async () => {
        const page = await openPage(browser, `${octoprint.url}?l10n=de`);
        const { sidebar } = placements(page, "bed");
        await countdown(sidebar);
        assert.equal(await sidebar.status.textContent(), "heizt");
        assert.equal(await sidebar.row.locator(".temp-eta-name").textContent(), "Bett");
        await page.close();
    });

    it("says in one line that the calculation cannot run, and leaves OctoPrint alone", async () => {
        for (const [what, answer] of [
            ["*.wasm", { status: 404 }],
            ["*.wasm", { status: 200, contentType: "application/wasm", body: "\0asm" }],
            [
                "engine.js",
                { status: 200, contentType: "text/javascript", body: "import (" },
            ],
        ]) {
            const prepare = (page) =>
                page.route(`**/temp_eta/static/*/${what}?*`, (route) =>
                    route.fulfill(answer),
                );
            const page = await openPage(browser, octoprint.url, { prepare });
            const failure = page.locator("#sidebar_plugin_temp_eta .temp-eta-failure");
            await failure.waitFor();
            assert.match(await failure.textContent(), /^ETA unavailable/);
            assert.equal(
                await page.locator(".temp-eta-heater, .temp-eta-quiet").count(),
                0,
            );
            const actual = page.locator("#temperature-table .temperature_actual").nth(2);
            const first = await actual.textContent();
            await until(
                "new temperature",
                async () => (await actual.textContent()) !== first,
            );
            assert.ok(
                page.faults.every((fault) => !fault.startsWith("uncaught")),
                page.faults,
            );
            await page.close();
        }
    });
});
