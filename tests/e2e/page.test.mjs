// The plugin in the different ways that OctoPrint's page can be served.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { awaitReadings, countdown, placements, withReplaced } from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { slowBed } from "./health.mjs";

test.use({ octoprintOptions: { ...slowBed(), bundle: false } });

test("counts down with unbundled scripts", async ({ page }) => {
    await countdown(placements(page, "bed").inline);
});

test("counts down behind a path prefix, over plain HTTP on a host name", async ({
    open,
}) => {
    const page = await open({ proxy: { host: "octopi.test" } });
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
    await countdown(placements(page, "bed").inline);
});

test("keeps messages that arrive before the module is loaded", async ({ open }) => {
    let load;
    const loads = new Promise((resolve) => {
        load = resolve;
    });
    const prepare = (page) =>
        page.route("**/*.wasm.gz", async (route) => {
            await loads;
            await route.continue();
        });
    const page = await open({ prepare });
    await page.locator("#sidebar_plugin_temp_eta", { hasText: "Loading…" }).waitFor();
    await awaitReadings(page, 2);
    load();
    await countdown(placements(page, "bed").inline);
});

test("unpacks the module itself if the server does not set the encoding", async ({
    open,
}) => {
    const prepare = (page) =>
        page.route("**/*.wasm.gz", async (route) => {
            const name = route.request().url().split("/").at(-1);
            const body = readFileSync(join(root, "static", "built", name));
            await route.fulfill({ contentType: "application/octet-stream", body });
        });
    const page = await open({ prepare });
    await countdown(placements(page, "bed").inline);
});

test("does not change a temperature table that is not OctoPrint's", async ({
    octoprint,
    open,
}) => {
    // Like a plugin that replaces the tab: its own copy of the table, and no graph.
    const replaced = [
        ['id="temperature-graph"', 'id="other-graph"'],
        ['class="temperature_actual" data-bind="html:', 'data-bind="html:'],
    ];
    const page = await open(withReplaced(octoprint, replaced));
    await countdown(placements(page, "bed").sidebar);
    expect(await page.locator("#temperature-table td").count()).toBeGreaterThan(3);
});

test("works without its own templates", async ({ octoprint, open }) => {
    const replaced = [["temp-eta-inline-template", "gone"]];
    const page = await open(withReplaced(octoprint, replaced));
    await countdown(placements(page, "bed").sidebar);
    const actual = page.locator("#temperature-table .temperature_actual").nth(2);
    await expect(actual).toHaveText(/\d/);
});

test("is in German with unbundled scripts", ONLY_IN_ALL, async ({ open }) => {
    const page = await open({ path: "?l10n=de" });
    const { sidebar } = placements(page, "bed");
    await countdown(sidebar);
    await expect(sidebar.status).toHaveText("heizt");
    await expect(sidebar.row.locator(".temp-eta-name")).toHaveText("Bett");
});
