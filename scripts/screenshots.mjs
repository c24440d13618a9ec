import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { startOctoPrint } from "./octoprint/server.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { cache, root, venvPython } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { Failure } from "./run/failure.mjs";
import { darken, narrow } from "./screenshots/themes.mjs";
import { browserFlags, installBrowser } from "./setup/programs.mjs";

const WINDOW = { width: 1200, height: 740 };
const PHONE = 390;

/** Heating time before the first screenshot in s, for lines in the graphs. */
const WARM_UP = 70;

/** The screenshots of README, documentation and extras/temp_eta.md. */
const screenshots = {
    tab: async (page, path) => {
        await show(page, "tab_plugin_temp_eta");
        await page.screenshot({ path });
    },
    temperature: async (page, path) => {
        await show(page, "temp");
        await page.screenshot({ path });
    },
    sidebar: async (page, path) => {
        await page.locator("#sidebar_plugin_temp_eta_wrapper").screenshot({ path });
    },
    settings: async (page, path) => {
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_plugin_temp_eta_link a").click();
        await page.locator(`#temp_eta_settings a[href="#temp_eta_pane_general"]`).click();
        // The dialog is animated, and the form is loaded when it is opened.
        await sleep(1500);
        await page.screenshot({ path });
    },
    dark: async (_, path, open) => {
        const page = await open();
        await show(page, "tab_plugin_temp_eta");
        await darken(page);
        await page.screenshot({ path });
    },
    phone: async (_, path, open) => {
        const page = await open();
        await show(page, "tab_plugin_temp_eta");
        await narrow(page, PHONE);
        await page.locator("#tab_plugin_temp_eta").screenshot({ path });
    },
    german: async (_, path, open) => {
        const page = await open("?l10n=de");
        await show(page, "tab_plugin_temp_eta");
        await page.screenshot({ path });
    },
};

async function show(page, tab) {
    await page.locator(`#${tab}_link a`).click();
    // Waits for the graph with a complete forecast.
    await sleep(2500);
}

/** Takes all screenshots of a real OctoPrint with a heating printer. */
export default async function takeScreenshots() {
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    const { chrome } = await installBrowser();
    const { chromium } = await import("@playwright/test");
    console.log("Taking the screenshots (two minutes) ...");
    const octoprint = await startOctoPrint({
        basedir: join(cache, "screenshots-octoprint"),
        config: { plugins: { temp_eta: { algorithm: "adaptive" } } },
    });
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    const faults = [];
    const open = async (query = "") => {
        const page = await browser.newPage({ viewport: WINDOW });
        page.on("pageerror", (error) => faults.push(error.message));
        page.on("console", (message) => {
            if (message.type() === "error") faults.push(message.text());
        });
        // Generous: other work may keep the machine busy.
        page.setDefaultTimeout(180_000);
        await page.goto(octoprint.url + query);
        await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
        return page;
    };
    const files = [];
    try {
        const page = await open();
        await octoprint.heat({ bed: 80, chamber: 40 });
        await sleep((WARM_UP / 3) * 1000);
        await octoprint.heat({ tool0: 240 });
        await sleep(WARM_UP * 1000);
        for (const [name, take] of Object.entries(screenshots)) {
            const file = join("docs", "images", `${name}.png`);
            await take(page, join(root, file), open);
            files.push(file);
        }
    } finally {
        await browser.close();
        await octoprint.stop();
    }
    // Otherwise a screenshot of a broken page would go unnoticed.
    if (faults.length) throw new Failure(`The page complains: ${faults[0]}`);
    await logged(venvPython, [join("scripts", "build", "compress.py"), ...files], {
        log: "screenshots",
        failure: "The screenshots could not be made smaller.",
    });
    for (const file of files) {
        console.log(`${file}: ${(statSync(join(root, file)).size / 1000).toFixed(1)} kB`);
    }
}
