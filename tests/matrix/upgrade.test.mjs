// From an earlier build to this one and back, in a browser that keeps what it has cached.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { freePort } from "../../scripts/octoprint/port.mjs";
import { browserFlags, findBrowser } from "../../scripts/setup/browser.mjs";
import { countdown, openPage, placements, until } from "../e2e/browser.mjs";
import { installedPlugin, takePlugin, zipFile } from "./environment.mjs";
import { upload } from "./manager.mjs";
import { loadedFiles } from "./traces.mjs";
import { itWholly, onEveryOctoPrintWholly, startVersion } from "./versions.mjs";

const earlierFile = process.env.TEMP_ETA_EARLIER;
const KEPT = { history_size: 150, sound_volume: 0.4 };

onEveryOctoPrintWholly((version) => {
    let folder;
    let context;
    let octoprint;
    let port;
    let page;
    let earlierFiles;
    let files;
    let lessons;

    before(async () => {
        takePlugin(version);
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
        return loadedFiles(page);
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

    itWholly(
        "Upgrade: only new files are loaded; settings and lessons stay",
        async (t) => {
            if (!earlierFile)
                return t.skip("a copy of the repository without its history");
            earlierFiles = await change(earlierFile);
            const before = await installedPlugin(version);
            await octoprint.api("settings", { plugins: { temp_eta: KEPT } });
            await arrive();
            lessons = await learned();
            files = await change(zipFile);
            assert.notEqual(await installedPlugin(version), before);
            const mixed = files.filter((it) => earlierFiles.includes(it));
            assert.deepEqual(mixed, [], "files of the earlier build");
            assert.deepEqual(await settings(), KEPT);
            const now = await learned();
            for (const key of Object.keys(lessons)) assert.ok(key in now, key);
        },
    );

    itWholly(
        "Downgrade: only old files are loaded; settings and lessons stay",
        async (t) => {
            if (!earlierFile)
                return t.skip("a copy of the repository without its history");
            assert.deepEqual(await change(earlierFile), earlierFiles);
            assert.deepEqual(await settings(), KEPT);
            const now = await learned();
            for (const key of Object.keys(lessons)) assert.ok(key in now, key);
        },
    );
});
