// Upgrades from another build and back, in a browser that keeps its cache.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { freePort } from "../../scripts/octoprint/port.mjs";
import {
    becomes,
    closeSettings,
    countdown,
    openPage,
    openSettings,
    placements,
    storedStates,
} from "../e2e/browser.mjs";
import { octoprintFolder } from "../e2e/octoprint.mjs";
import { installedPlugin, takePlugin, zipFile } from "./environment.mjs";
import { upload } from "./manager.mjs";
import { otherBuild } from "./other-build.mjs";
import { loadedFiles } from "./traces.mjs";
import { expect, restartVersion, startVersion, test } from "./versions.mjs";

/** The plugin's files in a page with everything shown, without content hashes. */
const LOADED = [
    "app-#.js",
    "settings_pane-#.js",
    "shared-#.js",
    "temp_eta-#.wasm.gz",
].map((name) => `/plugin/temp_eta/static/built/${name}`);

const KEPT = { history_size: 150, min_rate: 0.01, sound_volume: 0.4 };

test.describe("upgrades", { tag: "@partly-1.10.2" }, () => {
    test.describe.configure({ mode: "serial" });

    let folder;
    let otherFile;
    let context;
    let octoprint;
    let port;
    let page;
    let otherFiles;

    test.beforeAll(async ({ version }) => {
        takePlugin(version);
        otherFile = otherBuild(zipFile, octoprintFolder("other-build"));
        folder = mkdtempSync(join(tmpdir(), "temp-eta-"));
        context = await chromium.launchPersistentContext(folder);
        port = await freePort();
        octoprint = await startVersion(version, { port, timeScale: 2 });
        page = await openPage(context, octoprint);
    });

    test.afterAll(async ({ version }) => {
        await context?.close();
        await octoprint?.stop();
        takePlugin(version);
        if (folder) rmSync(folder, { recursive: true, force: true });
    });

    const learned = () => storedStates(page);
    /** Installs another build with the Plugin Manager. */
    const install = async (file) =>
        expect(await upload(page, file)).toMatchObject({ result: true });
    /** Installs a zip; after the restart the learned model is kept and the new files are loaded. */
    const change = async (version, file, target = 100) => {
        await install(file);
        expect(page.faults).toEqual([]);
        const before = await learned();
        await page.close();
        octoprint = await restartVersion(version, octoprint, { port });
        page = await openPage(context, octoprint);
        await octoprint.heat({ bed: target });
        await countdown(placements(page, "bed").inline);
        expect(await learned()).toEqual(before);
        await openSettings(page);
        await expect(page.locator("#temp_eta_pane_general")).toBeVisible();
        await closeSettings(page);
        expect(page.faults).toEqual([]);
        const files = await loadedFiles(page);
        const names = files.map((it) => it.replace(/-\w{8}\./, "-#."));
        expect(names, "each once").toEqual(LOADED);
        return files;
    };

    test("Upgrade: only new files are loaded; settings and learned data stay", async ({
        version,
    }) => {
        otherFiles = await change(version, otherFile, 60);
        const before = await installedPlugin(version);
        await becomes(placements(page, "bed").card, "at_target");
        await expect.poll(learned, { message: "a learned model" }).not.toEqual({});
        // No other heater arrives at this speed, so nothing more is learned.
        const demo_printer = { time_scale: 0.5 };
        await octoprint.api("settings", { plugins: { temp_eta: KEPT, demo_printer } });
        const files = await change(version, zipFile);
        expect(await installedPlugin(version)).not.toBe(before);
        const mixed = files.filter((it) => otherFiles.includes(it));
        expect(mixed, "files of the other build").toEqual([]);
        expect(await octoprint.settings()).toMatchObject(KEPT);
    });

    test("Upgrade while a page is open: it keeps working, without mixing files", async () => {
        // The settings have not been opened in it yet.
        const opened = await openPage(context, octoprint, { expected: /^console/ });
        await countdown(placements(opened, "bed").inline);
        await install(otherFile);
        await openSettings(opened);
        // The files on disk are now of another build than this page.
        const failure = opened.locator("#settings_plugin_temp_eta .text-error").first();
        await expect(failure).toBeVisible();
        await expect(failure).toHaveText(/could not be loaded/);
        await closeSettings(opened);
        await countdown(placements(opened, "bed").inline);
        expect(opened.faults).toEqual([]);
        await opened.close();
    });

    test("Downgrade: only old files are loaded; settings and learned data stay", async ({
        version,
    }) => {
        expect(await learned()).not.toEqual({});
        expect(await change(version, otherFile)).toEqual(otherFiles);
        expect(await octoprint.settings()).toMatchObject(KEPT);
    });
});
