// Whether OctoPrint's own page suffers, and how much a page of ours complains.
import assert from "node:assert/strict";
import { until } from "./browser.mjs";

/** View models of OctoPrint's, some of them of its own plugins, and ours. */
const VIEW_MODELS = [
    "connectionViewModel",
    "controlViewModel",
    "filesViewModel",
    "loginStateViewModel",
    "navigationViewModel",
    "pluginManagerViewModel",
    "printerProfilesViewModel",
    "printerStateViewModel",
    "settingsViewModel",
    "temperatureViewModel",
    "tempEtaViewModel",
    "tempEtaSettingsViewModel",
    "terminalViewModel",
];

/**
 * Fails unless OctoPrint's page goes on: its row and its graph of the bed, which must be on
 * its way, get new temperatures, and a target can be set by hand.
 */
export async function assertOctoPrintWorks(page, octoprint) {
    await page.locator("#temp_link a").click();
    const row = (name) =>
        page.locator("#temperature-table tr", {
            has: page.locator(".temperature_tool", { hasText: name }),
        });
    const actual = () => row("Bed").locator(".temperature_actual").textContent();
    const shown = await actual();
    const drawn = await newestDrawn(page);
    await until("new temperature", async () => (await actual()) !== shown);
    await until("new point", async () => (await newestDrawn(page)) > drawn);

    const target = async () =>
        (await octoprint.api("printer")).temperature.chamber.target;
    const before = await target();
    await row("Chamber").locator(".btn-input-inc").click();
    await row("Chamber").locator("[type=submit]").click();
    await until("target", async () => (await target()) !== before);

    const missing = await page.evaluate(
        (names) => names.filter((name) => !window.OctoPrint.coreui.viewmodels[name]),
        VIEW_MODELS,
    );
    assert.deepEqual(missing, []);
}

/** When the newest temperature in OctoPrint's graph was taken, in ms. */
function newestDrawn(page) {
    return page.evaluate(() => {
        const { plot } = window.OctoPrint.coreui.viewmodels.temperatureViewModel;
        const lines = plot?.getData() ?? [];
        return Math.max(0, ...lines.map(({ data }) => data.at(-1)?.[0] ?? 0));
    });
}

/** What the browser and OctoPrint say while there is no server. */
export const OFFLINE = /WebSocket connection|net::ERR_|Server is offline/;

/**
 * Fails unless there are so many lines of ours in the console, and nothing else to complain
 * of but what is `expected`; the browser's own lines about our files are as many at most.
 */
export function assertComplaints(page, count, expected = /^$/) {
    const said = page.said.filter(({ type }) => ["error", "warning"].includes(type));
    const ours = said.filter(({ text }) => /^Temperature ETA/.test(text));
    const browsers = said.filter(
        ({ text, url }) => /^Failed to load/.test(text) && /\/temp_eta\//.test(url),
    );
    assert.equal(ours.length, count, texts(ours));
    assert.ok(browsers.length <= count, texts(browsers));
    const known = [...ours, ...browsers].map(({ text }) => `console: ${text}`);
    assert.deepEqual(
        page.faults.filter((fault) => !known.includes(fault) && !expected.test(fault)),
        [],
    );
}

const texts = (lines) => lines.map(({ text }) => text).join("\n");
