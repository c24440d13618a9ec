import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache, root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { browserFlags } from "../setup/browser.mjs";
import { darken, narrow } from "./themes.mjs";

const folder = join(root, "docs", "images");
const WINDOW = { width: 1200, height: 740 };
const PHONE = 390;

/** Heating time before the first screenshot in s, for lines in the graphs. */
const WARM_UP = 70;

/** Takes all screenshots of a real OctoPrint with a heating printer; returns files by name. */
export async function takePictures(chrome) {
    const { chromium } = await import("@playwright/test");
    mkdirSync(folder, { recursive: true });
    const octoprint = await startOctoPrint({
        basedir: join(cache, "screenshots-octoprint"),
        config: { plugins: { temp_eta: { algorithm: "adaptive" } } },
    });
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    try {
        const faults = [];
        const open = async (query = "") => {
            const page = await browser.newPage({ viewport: WINDOW });
            const addFault = (text) => faults.push(text);
            page.on("pageerror", (error) => addFault(error.message));
            page.on(
                "console",
                (message) => message.type() === "error" && addFault(message.text()),
            );
            // Generous: other work may keep the machine busy.
            page.setDefaultTimeout(180_000);
            await page.goto(octoprint.url + query);
            await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
            return page;
        };
        const page = await open();
        await heat(octoprint);
        await sleep(WARM_UP * 1000);
        const files = {};
        for (const [name, take] of Object.entries(pictures)) {
            files[name] = join(folder, `${name}.png`);
            await take(page, files[name], open);
        }
        // Otherwise a screenshot of a broken page would go unnoticed.
        if (faults.length) throw new Failure(`The page complains: ${faults[0]}`);
        return files;
    } finally {
        await browser.close();
        await octoprint.stop();
    }
}

async function heat(octoprint) {
    await octoprint.heat({ bed: 80, chamber: 40 });
    await sleep((WARM_UP / 3) * 1000);
    await octoprint.heat({ tool0: 240 });
}

const pictures = {
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
    dark: async (_, path, open) => {
        const dark = await open();
        await show(dark, "tab_plugin_temp_eta");
        await darken(dark);
        await dark.screenshot({ path });
        await dark.close();
    },
    phone: async (_, path, open) => {
        const phone = await open();
        await show(phone, "tab_plugin_temp_eta");
        await narrow(phone, PHONE);
        await phone.locator("#tab_plugin_temp_eta").screenshot({ path });
        await phone.close();
    },
    german: async (_, path, open) => {
        const german = await open("?l10n=de");
        await show(german, "tab_plugin_temp_eta");
        await german.screenshot({ path });
        await german.close();
    },
    settings: async (page, path) => {
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_plugin_temp_eta_link a").click();
        await page.locator(`#temp_eta_settings a[href="#temp_eta_pane_general"]`).click();
        // The dialog is animated, and the form is loaded when it is opened.
        await sleep(1500);
        await page.screenshot({ path });
    },
};

async function show(page, tab) {
    await page.locator(`#${tab}_link a`).click();
    // Waits for the graph with a complete forecast.
    await sleep(2500);
}
