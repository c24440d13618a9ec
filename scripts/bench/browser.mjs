import { join } from "node:path";
import { chromium } from "@playwright/test";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache } from "../paths.mjs";
import { browserFlags } from "../setup/programs.mjs";

/** Starts a browser for `work` and closes it afterwards. */
export async function withBrowser(executablePath, work) {
    const browser = await chromium.launch({ executablePath, args: browserFlags });
    try {
        return await work(browser);
    } finally {
        await browser.close();
    }
}

/**
 * Starts OctoPrints for `work`, whose five heaters heat for longer than a benchmark takes, and
 * stops them afterwards. Each is given by the settings of the plugin, null for none.
 */
export async function withPrinters(name, all, work) {
    const printers = [];
    try {
        for (const [i, settings] of all.entries()) {
            const octoprint = await startOctoPrint({
                basedir: join(cache, `bench-${name}-${i}`),
                timeScale: 0.2,
                config: {
                    plugins: {
                        _disabled: settings ? [] : ["temp_eta"],
                        temp_eta: settings ?? {},
                        virtual_printer: { numExtruders: 3 },
                    },
                },
            });
            printers.push(octoprint);
            await octoprint.useTools(3);
            const tools = { tool0: 240, tool1: 230, tool2: 220 };
            await octoprint.heat({ ...tools, bed: 110, chamber: 60 });
        }
        return await work(printers);
    } finally {
        for (const printer of printers) await printer.stop();
    }
}

/** Opens OctoPrint's page. */
export async function openPage(browser, { url }, prepare = () => {}) {
    // In its own context, as hidden pages get fewer messages.
    const context = await browser.newContext({ viewport: { width: 1280, height: 1100 } });
    const page = await context.newPage();
    await prepare(page);
    await page.goto(url);
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    return page;
}
