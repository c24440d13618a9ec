import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { browserFlags, findBrowser } from "../../scripts/setup/browser.mjs";

/** A headless Chromium; `hosts` are names that lead to this machine. */
export function openBrowser({ hosts = [], flags = [] } = {}) {
    const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(",");
    const named = rules ? [`--host-resolver-rules=${rules}`] : [];
    return chromium.launch({
        executablePath: findBrowser().chrome,
        args: [...browserFlags, ...named, ...flags],
    });
}

/**
 * OctoPrint's page, started up and showing its Temperature tab, in a browser of its own or
 * in a tab of a browser's context; `touched`, somebody has clicked on it.
 *
 * `faults` collects everything the page complains of, `said` every line of its console.
 */
export async function openPage(browser, url, { prepare, touched = true } = {}) {
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1280, height: 1400 });
    const faults = [];
    const said = [];
    page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
        const { url } = message.location();
        said.push({ type: message.type(), text: message.text(), url });
        if (message.type() === "error") faults.push(`console: ${message.text()}`);
    });
    await prepare?.(page);
    await page.goto(url);
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    if (touched) await page.locator("#temp_link a").click();
    return Object.assign(page, { faults, said });
}

/** The panes of our settings. */
export const PANES = [
    "general",
    "calculation",
    "goals",
    "look",
    "alerts",
    "mqtt",
    "diagnostics",
];

/** Opens our part of the settings dialog at one of its panes. */
export async function openSettings(page, pane) {
    await page.locator("#navbar_show_settings").click();
    await page.locator("#settings_plugin_temp_eta_link a").click();
    await showPane(page, pane);
}

export async function showPane(page, pane) {
    await page.locator(`#temp_eta_settings a[href="#temp_eta_pane_${pane}"]`).click();
    await page.locator(`#temp_eta_pane_${pane}`).waitFor();
}

/** The places where one heater is shown. */
export function placements(page, heater) {
    const inside = (place) => {
        const row = page.locator(`${place} .temp-eta-heater[data-heater="${heater}"]`);
        return {
            row,
            time: row.locator(".temp-eta-time"),
            status: row.locator(".temp-eta-status"),
            temps: row.locator(".temp-eta-temps"),
            progress: row.locator(".temp-eta-progress"),
        };
    };
    return {
        inline: inside("#temperature-table"),
        sidebar: inside("#sidebar_plugin_temp_eta"),
        card: inside("#tab_plugin_temp_eta"),
        navbar: inside("#navbar_plugin_temp_eta"),
    };
}

/** Seconds of a countdown's text; null where it shows none. */
export function seconds(text) {
    const match = /^(?:(\d+):)?(\d+):(\d\d)$/.exec(text.trim());
    if (!match) return null;
    const [, hours = 0, minutes, rest] = match;
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** Waits until `probe` answers something that is neither null nor false. */
export async function until(what, probe, timeoutMs = 30_000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        const answer = await probe();
        if (answer !== null && answer !== false) return answer;
        assert.ok(Date.now() < deadline, `no ${what} within ${timeoutMs / 1000} s`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/** Seconds of the one countdown that is shown now; null where there is none. */
export async function shown(place) {
    const texts = await place.time.allTextContents();
    return texts.length === 1 ? seconds(texts[0]) : null;
}

/** Waits for a countdown and returns its seconds. */
export function countdown(place) {
    return until("countdown", () => shown(place));
}

/**
 * Fails unless one page's countdown is that of another for some seconds on end, from now on or
 * from a moment within `patience` s.
 */
export async function assertSame(place, other, { lasts = 5, patience = 0 } = {}) {
    const deadline = Date.now() + 1000 * patience;
    let since = Date.now();
    while (Date.now() < since + 1000 * lasts) {
        const [one, two] = await Promise.all([shown(place), shown(other)]);
        const apart = 2 + 0.01 * two;
        const same = one !== null && two !== null && Math.abs(one - two) <= apart;
        if (!same) since = Date.now();
        assert.ok(same || since < deadline, `${one} and ${two} s`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}
