// The settings of a page, of its form, and other ones.
import { expect } from "./fixtures.mjs";
import { definitions } from "./octoprint.mjs";

export const forAll = (value) =>
    Object.fromEntries(
        Object.entries(definitions).map(([key, definition]) => [key, value(definition)]),
    );

/** A valid value of a setting other than its default. */
export function otherThan(definition) {
    if (definition.type === "switch") return !definition.default;
    if (definition.type === "number") {
        const { least, most } = definition;
        return definition.default === least ? most : least;
    }
    if (definition.type === "choice") {
        return definition.options.find((option) => option !== definition.default);
    }
    if (definition.type === "color") return "#123456";
    if (definition.type === "heaters") {
        return [{ counted: false, heater: "tool0", name: "" }];
    }
    return definition.type === "file" ? "/etc/hostname" : "other";
}

/** The settings that a page has, `null` while it requests them, and the number of changes. */
const settingsOf = (page) =>
    page.evaluate(() => {
        const { receiving, lastReceivedSettings } =
            window.OctoPrint.coreui.viewmodels.settingsViewModel;
        const settings = receiving() ? null : lastReceivedSettings.plugins.temp_eta;
        return { settings, changes: window.changes };
    });

/**
 * Waits until all pages have the saved settings: OctoPrint's page misses a change that comes while
 * it requests the previous one.
 */
export async function awaitSaved(octoprint, pages) {
    const settings = await octoprint.settings();
    const held = async () => {
        const all = await Promise.all(pages.map(settingsOf));
        const changes = new Set(all.map((it) => it.changes));
        return [...all.map((it) => it.settings), changes.size];
    };
    const message = "all pages have the saved settings";
    await expect.poll(held, { message }).toEqual([...pages.map(() => settings), 1]);
}

/** Waits for a notice with these texts, and removes all notices. */
export async function takeNotice(page, words) {
    const notice = page.locator(".ui-pnotify-container").last();
    for (const it of words) await expect(notice).toHaveText(it);
    await page.evaluate(() => window.PNotify.removeAll());
}

/** The limits of the controls in the form of a page, by key. */
export async function formLimits(page) {
    const form = await page.evaluate(() => {
        const inputs = [
            ...document.querySelectorAll("#temp_eta_settings [id^=temp_eta_]"),
        ]
            .filter((it) => /INPUT|SELECT/.test(it.tagName))
            .map(({ id, min, max, step, required, maxLength, pattern, options }) => {
                const values = [...(options ?? [])].map(({ value }) => value);
                const limits = { min, max, step, required, maxLength, pattern, values };
                return [id.replace("temp_eta_", ""), limits];
            });
        return Object.fromEntries(inputs);
    });
    const values = await page
        .locator("#temp_eta_settings [name=temp_eta_algorithm]")
        .evaluateAll((radios) => radios.map((radio) => radio.value));
    form.algorithm = { values };
    const names = page.locator("#temp_eta_heaters [type=text]").first();
    form.heaters = await names.evaluate(({ maxLength, pattern }) => ({
        maxLength,
        pattern,
    }));
    return form;
}
