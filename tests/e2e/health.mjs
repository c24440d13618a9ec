// Checks that OctoPrint's page works, and which errors our scripts log.
import { expect } from "@playwright/test";
import { consoleFault } from "./browser.mjs";

/**
 * Options for an OctoPrint whose bed heats for longer than any test takes. The target is so far below
 * the 121 °C that it can reach that it does not seem to level off, even if readings come late.
 */
export const slowBed = (plugins, settings) => ({
    heat: { bed: 105 },
    timeScale: 0.5,
    settings: { min_rate: 0.01, ...settings },
    config: { plugins },
});

/** View models of OctoPrint, of its bundled plugins, and ours. */
export const VIEW_MODELS = [
    ..."connection control files loginState navigation pluginManager".split(" "),
    ..."printerProfiles printerState settings temperature terminal".split(" "),
    ..."tempEta tempEtaSettings".split(" "),
].map((name) => `${name}ViewModel`);

/**
 * Checks that OctoPrint's page works: the row and the graph of the bed, which must be heating,
 * get new temperatures, and a target can be set.
 */
export async function assertOctoPrintWorks(page) {
    await page.locator("#temp_link a").click();
    const row = (name) =>
        page.locator("#temperature-table tr", {
            has: page.locator(".temperature_tool", { hasText: name }),
        });
    const actual = row("Bed").locator(".temperature_actual");
    const shown = await actual.textContent();
    const drawn = await newestDrawn(page);
    await expect(actual, "a new temperature").not.toHaveText(shown);
    await expect
        .poll(() => newestDrawn(page), { message: "a new point in the graph" })
        .toBeGreaterThan(drawn);

    const target = async () =>
        (await page.octoprint.api("printer")).temperature.chamber.target;
    const before = await target();
    await row("Chamber").locator(".btn-input-inc").click();
    await row("Chamber").locator("[type=submit]").click();
    await expect.poll(target, { message: "the chamber's target" }).not.toBe(before);

    const missing = await page.evaluate(
        (names) => names.filter((name) => !window.OctoPrint.coreui.viewmodels[name]),
        VIEW_MODELS,
    );
    expect(missing, "view models that are missing").toEqual([]);
}

/** The time of the newest temperature in OctoPrint's graph, in ms. */
function newestDrawn(page) {
    return page.evaluate(() => {
        const { plot } = window.OctoPrint.coreui.viewmodels.temperatureViewModel;
        const lines = plot?.getData() ?? [];
        return Math.max(0, ...lines.map(({ data }) => data.at(-1)?.[0] ?? 0));
    });
}

/**
 * Checks that the page reports once that ETAs are unavailable, and why, while OctoPrint keeps
 * working.
 */
export async function assertFailed(page, reason) {
    const failure = page.locator("#sidebar_plugin_temp_eta .temp-eta-failure");
    await failure.waitFor();
    const text = (await failure.textContent()).trim();
    expect(text).toMatch(/^ETA unavailable: /);
    expect(text).toMatch(reason);
    const shown = page.locator(
        ".temp-eta-heater, .temp-eta-printer, .temp-eta-empty, .temp-eta-muted:visible",
    );
    await expect(shown).toHaveCount(0);
    await assertOctoPrintWorks(page);
    assertConsole(page, 1);
    await expect(failure).toHaveText(text);
    await expect(page.locator("#tab_plugin_temp_eta .temp-eta-failure")).toHaveText(text);
}

/** Console errors of the browser and OctoPrint while the server is stopped. */
export const OFFLINE = /WebSocket connection|net::ERR_|Server is offline/;

/**
 * Checks that the console has `count` lines of ours and no other errors, except for at most
 * `count` of the browser about our files.
 */
export function assertConsole(page, count) {
    const lines = page.consoleLines.filter(({ type }) =>
        ["error", "warning"].includes(type),
    );
    const ours = lines.filter(({ text }) => /^Temperature ETA/.test(text));
    const browsers = lines.filter(
        ({ text, url }) => /^Failed to load/.test(text) && /\/temp_eta\//.test(url),
    );
    expect(ours.length, texts(ours)).toBe(count);
    expect(browsers.length, texts(browsers)).toBeLessThanOrEqual(count);
    const known = [...ours, ...browsers].map(consoleFault);
    // Removed, so that later checks see only new ones.
    const faults = page.faults.splice(0);
    expect(faults.filter((fault) => !known.includes(fault))).toEqual([]);
}

const texts = (logged) => logged.map(({ text }) => text).join("\n");
