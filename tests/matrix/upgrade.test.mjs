// From another build to this one and back, in a browser that keeps what it has cached.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { chromium } from "playwright-core";
import { otherBuild } from "../../scripts/matrix/other-build.mjs";
import { freePort } from "../../scripts/octoprint/port.mjs";
import { cache } from "../../scripts/paths.mjs";
import { browserFlags, findBrowser } from "../../scripts/setup/browser.mjs";
import { countdown, openPage, placements, until } from "../e2e/browser.mjs";
import { installedPlugin, takePlugin, zipFile } from "./environment.mjs";
import { upload } from "./manager.mjs";
import { loadedFiles } from "./traces.mjs";
import { onEveryOctoPrint, startVersion } from "./versions.mjs";

/** What of ours a page has loaded that has shown all, with hashes of content left out. */
const LOADED = [
    "page-#.js",
    "settings_pane-#.js",
    "shared-#.js",
    "temp_eta-#.wasm.gz",
].map((name) => `/plugin/temp_eta/static/built/${name}`);

const KEPT = { history_size: 150, sound_volume: 0.4 };

onEveryOctoPrint(upgrades, { partly: "1.10.2" });

function upgrades(version) {
    let folder;
    let otherFile;
    let context;
    let octoprint;
    let port;
    let page;
    let otherFiles;
    let lessons;

    before(async () => {
        takePlugin(version);
        otherFile = otherBuild(zipFile, join(cache, "matrix", "other-build"));
        folder = mkdtempSync(join(tmpdir(), "temp-eta-"));
        context = await chromium.launchPersistentContext(folder, {
            executablePath: findBrowser().chrome,
            args: browserFlags,
        });
        port = await freePort();
        octoprint = await startVersion(version, "upgrade", { port, timeScale: 8 });
        page = await openPage(context, octoprint.url);
    });

    after(async () => {
        await context?.close();
        await octoprint?.stop();
        takePlugin(version);
        if (folder) rmSync(folder, { recursive: true, force: true });
    });

    /** Another build, by the Plugin Manager; then what the page says after the restart. */
    const change = async (file) => {
        const { result, ...why } = await upload(page, octoprint, file);
        assert.equal(result, true, JSON.stringify(why));
        assert.deepEqual(page.faults, []);
        await page.close();
        await octoprint.stop();
        const { apiKey } = octoprint;
        const options = { port, keep: true, apiKey };
        octoprint = await startVersion(version, "upgrade", options);
        page = await openPage(context, octoprint.url);
        await octoprint.api("printer/bed", { command: "target", target: 60 });
        await countdown(placements(page, "bed").inline);
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_plugin_temp_eta_link a").click();
        await page.locator("#temp_eta_pane_general").waitFor();
        await page.locator("[data-test-id=settings-close-button]").click();
        assert.deepEqual(page.faults, []);
        const files = await loadedFiles(page);
        const names = files.map((it) => it.replace(/-\w{8}\./, "-#."));
        assert.deepEqual(names, LOADED, "each once");
        return files;
    };
    /** A page that is open, in which nobody has looked at the settings yet. */
    const openBefore = async () => {
        const opened = await openPage(context, octoprint.url);
        await countdown(placements(opened, "bed").inline);
        return opened;
    };
    const learned = () =>
        page.evaluate(() =>
            Object.fromEntries(
                Object.entries(localStorage).filter(([key]) =>
                    key.startsWith("temp_eta/"),
                ),
            ),
        );
    const settings = async () => {
        const { plugins } = await octoprint.api("settings");
        return Object.fromEntries(
            Object.keys(KEPT).map((key) => [key, plugins.temp_eta[key]]),
        );
    };
    /** The bed arrives, which teaches something. */
    const arrive = async () => {
        const { row } = placements(page, "bed").card;
        await until(
            "arrival",
            async () => (await row.getAttribute("data-phase")) === "at_target",
            120_000,
        );
        await until("lesson", async () => Object.keys(await learned()).length > 0);
    };

    it("Upgrade: only new files are loaded; settings and lessons stay", async () => {
        otherFiles = await change(otherFile);
        const before = await installedPlugin(version);
        await octoprint.api("settings", { plugins: { temp_eta: KEPT } });
        await arrive();
        lessons = await learned();
        const files = await change(zipFile);
        assert.notEqual(await installedPlugin(version), before);
        const mixed = files.filter((it) => otherFiles.includes(it));
        assert.deepEqual(mixed, [], "files of the other build");
        assert.deepEqual(await settings(), KEPT);
        assert.deepEqual(await learned(), lessons);
    });

    it("Upgrade under an open page: it goes on, and mixes nothing", async () => {
        await octoprint.api("printer/bed", { command: "target", target: 110 });
        const opened = await openBefore();
        const { result, ...why } = await upload(page, octoprint, otherFile);
        assert.equal(result, true, JSON.stringify(why));
        await opened.locator("#navbar_show_settings").click();
        await opened.locator("#settings_plugin_temp_eta_link a").click();
        // What is on the disk now belongs to another build than what is in this page.
        const failure = opened.locator("#settings_plugin_temp_eta .text-error").first();
        await failure.waitFor();
        assert.match(await failure.textContent(), /could not be shown/);
        await opened.locator("[data-test-id=settings-close-button]").click();
        await countdown(placements(opened, "bed").inline);
        assert.ok(
            opened.faults.every((fault) => !fault.startsWith("uncaught")),
            opened.faults.join("\n"),
        );
        await opened.close();
    });

    it("Downgrade: only old files are loaded; settings and lessons stay", async () => {
        lessons = await learned();
        assert.deepEqual(await change(otherFile), otherFiles);
        assert.deepEqual(await settings(), KEPT);
        assert.deepEqual(await learned(), lessons);
    });
}
