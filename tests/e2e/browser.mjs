import { expect } from "@playwright/test";
import { addLog } from "./failure_logs.mjs";

let opened = 0;

/**
 * Opens OctoPrint's page in a browser or in a browser's context and waits until it has started
 * up. `touched` clicks on its Temperature tab. `url` replaces that of `octoprint`, and `path` is
 * appended to it.
 *
 * `faults` gets the page's errors that do not match `expected`, `consoleLines` its console.
 */
export async function openPage(browser, octoprint, options = {}) {
    const { url = octoprint.url, path = "", expected = /^$/, touched = true } = options;
    const page = await browser.newPage({ extraHTTPHeaders: options.headers });
    await page.setViewportSize({ width: 1280, height: 1400 });
    const faults = [];
    const consoleLines = [];
    const addFault = (fault) => expected.test(fault) || faults.push(fault);
    page.on("pageerror", (error) => addFault(`uncaught: ${error.message}`));
    page.on("console", (message) => {
        const { url } = message.location();
        const [type, text] = [message.type(), message.text()];
        if (!["debug", "verbose"].includes(type)) consoleLines.push({ type, text, url });
        const isFault = type === "error" && !isOctoPrints({ text, url });
        if (isFault) addFault(consoleFault({ text, url }));
    });
    const lines = () => consoleLines.map(({ type, text }) => `${type}: ${text}`);
    addLog(`console-${++opened}`, lines, () => page.isClosed());
    await options.prepare?.(page);
    await page.goto(url + path);
    await startedUp(page);
    if (touched) await page.locator("#temp_link a").click();
    return Object.assign(page, { octoprint, faults, consoleLines });
}

/** Options for a page in which these texts are replaced. */
export const withReplaced = (octoprint, replaced) => ({
    // A routed page may fail to open websockets.
    expected: /WebSocket connection/,
    prepare: (page) =>
        page.route(octoprint.url, async (route) => {
            const response = await route.fetch();
            let body = await response.text();
            for (const [before, after] of replaced) body = body.replace(before, after);
            await route.fulfill({ response, body });
        }),
});

/**
 * Whether a console error is OctoPrint's own: it now and then looks for the picture in its graph in
 * the folder of one of its plugins, cannot make the graph while another tab is shown, if the
 * printer's first report comes so late, and gives up on a socket that takes four seconds to open.
 */
const isOctoPrints = ({ text, url }) =>
    /\/plugin\/(?!temp_eta\/)\w+\/static\/img\/graph-background\.png$/.test(url) ||
    /TemperatureViewModel : Invalid dimensions for plot/.test(text) ||
    /\/sockjs\/.*WebSocket is closed before the connection is established/.test(text);

/** A console error as one of the page's `faults`, with the address of what was not loaded. */
export const consoleFault = ({ text, url }) =>
    /^Failed to load/.test(text) ? `console: ${text} ${url}` : `console: ${text}`;

export const startedUp = (page) =>
    page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp, null, {
        // Beside other tests that start, an OctoPrint takes half a minute for its first page.
        timeout: 240_000,
    });

/** What Playwright says of a reload that Firefox has aborted, and of one that came too soon after. */
const ABORTED = /NS_BINDING_ABORTED|NS_ERROR_FAILURE|Navigation failed/;

/** Reloads a page; again if Firefox aborts that, as it now and then does, even twice in a row. */
export function reloadPage(page, options) {
    const error = async () => {
        try {
            await page.reload(options);
            return "";
        } catch ({ message }) {
            return message.match(ABORTED)?.[0] ?? Promise.reject(new Error(message));
        }
    };
    return expect.poll(error, { message: "what keeps it from a reload" }).toBe("");
}

/** Reloads OctoPrint's page and waits until it has started up. */
export async function reload(page) {
    await reloadPage(page);
    await startedUp(page);
}

/** Shows our tab. */
export const showOurs = (page) =>
    page.locator("#tab_plugin_temp_eta_link a").first().click();

/** Our entries in the browser's local storage, by key. */
export const storedEntries = (page) =>
    page.evaluate(() => {
        const all = Object.entries(localStorage);
        return Object.fromEntries(all.filter(([key]) => key.startsWith("temp_eta/")));
    });

/** The states of heaters in the browser's local storage, as lists of numbers by key. */
export async function storedStates(page) {
    const all = Object.entries(await storedEntries(page));
    return Object.fromEntries(
        all
            .filter(([key]) => key.startsWith("temp_eta/2/"))
            .map(([key, text]) => [key, JSON.parse(text).numbers]),
    );
}

/** The panes of our settings. */
export const PANES =
    "general heaters calculation thresholds appearance alerts server diagnostics".split(
        " ",
    );

/** Opens our part of the settings dialog, optionally at one of its panes. */
export async function openSettings(page, pane) {
    // In Firefox only the foremost page gets `change` from a field that is left.
    await page.bringToFront();
    await page.locator("#navbar_show_settings").click();
    await page.locator("#settings_plugin_temp_eta_link a").click();
    if (pane) await showPane(page, pane);
}

export async function showPane(page, pane) {
    await page.locator(`#temp_eta_settings a[href="#temp_eta_pane_${pane}"]`).click();
    await page.locator(`#temp_eta_pane_${pane}`).waitFor();
}

/** Closes the settings dialog by a button, "settings-save" to save the form. */
export async function closeSettings(page, button = "settings-close-button") {
    await page.locator(`[data-test-id=${button}]`).click();
    await page.locator("#settings_dialog").waitFor({ state: "hidden" });
}

/**
 * Replaces the text of a field as a user would: in Firefox Playwright's `fill` adds to number
 * fields, and the page gets no `change`.
 */
export async function fill(field, text) {
    await field.clear();
    await field.pressSequentially(text);
}

/** Selectors of what contains the heaters, by placement. */
export const PLACES = {
    inline: "#temperature-table",
    sidebar: "#sidebar_plugin_temp_eta",
    card: "#tab_plugin_temp_eta",
    navbar: "#navbar_plugin_temp_eta",
};

/** The elements of one heater in all placements. */
export function placements(page, heater) {
    const inside = (place) => {
        const selector = `${PLACES[place]} .temp-eta-heater[data-heater="${heater}"]`;
        const row = page.locator(selector);
        return {
            selector,
            row,
            time: row.locator(".temp-eta-time"),
            status: row.locator(".temp-eta-status"),
            temps: row.locator(".temp-eta-temps"),
            progress: row.locator(".temp-eta-progress"),
        };
    };
    return {
        inline: inside("inline"),
        sidebar: inside("sidebar"),
        card: inside("card"),
        navbar: inside("navbar"),
    };
}

/** The seconds of a countdown's text; null if it shows none. */
export function seconds(text) {
    const match = /^(?:(\d+):)?(\d+):(\d\d)$/.exec(text.trim());
    if (!match) return null;
    const [, hours = 0, minutes, rest] = match;
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** The seconds of the countdown that is shown now; null if there is none. */
export async function shown(place) {
    const texts = await place.time.allTextContents();
    return texts.length === 1 ? seconds(texts[0]) : null;
}

/** Waits for a countdown and returns its seconds. */
export async function countdown(place) {
    let left;
    await expect
        .poll(async () => (left = await shown(place)), { message: "a countdown" })
        .not.toBeNull();
    return left;
}

/** Waits until a heater is in a phase, such as `at_target`. */
export function becomes(place, phase) {
    return expect(place.row).toHaveAttribute("data-phase", phase);
}

/**
 * Waits until a heater is shown to have reached `target` (°C). To wait for "heating" before would fail
 * on a busy machine, where it may be over by then.
 */
export const holds = ({ status }, target) =>
    expect(status).toHaveText(`holds ${target}\u00a0°C`);

/** Waits until the page has handled `count` more messages with temperatures. */
export async function awaitReadings(page, count) {
    const newest = () =>
        page.evaluate(() => {
            const { temperatureViewModel } = window.OctoPrint.coreui.viewmodels;
            return temperatureViewModel.temperatures.bed?.actual.at(-1)?.[0] ?? 0;
        });
    for (let i = 0; i < count; i++) {
        const last = await newest();
        await expect.poll(newest, { message: "a new reading" }).toBeGreaterThan(last);
    }
}

/** Waits until the countdowns of two pages agree five times in a row, a second apart. */
export async function expectSame(place, other) {
    let agreed = 0;
    await expect
        .poll(
            async () => {
                const [one, two] = await Promise.all([shown(place), shown(other)]);
                const known = one !== null && two !== null;
                const same = known && Math.abs(one - two) <= 2 + 0.01 * two;
                agreed = same ? agreed + 1 : 0;
                return same ? agreed : `${one} and ${two} s`;
            },
            { message: "the same countdown on both pages", intervals: [1000] },
        )
        .toBe(5);
}

/**
 * Records a heater's texts in a placement whenever they change, with the page's time in ms;
 * resolves to a function that returns the records.
 */
export async function record(page, { selector }) {
    const shown = await page.evaluateHandle((selector) => {
        const shown = [];
        const look = () => {
            const row = document.querySelector(selector);
            const text = (part) => row?.querySelector(`.temp-eta-${part}`)?.textContent;
            const now = {
                phase: row?.dataset.phase,
                status: text("status"),
                time: text("time"),
            };
            const { at, ...last } = shown.at(-1) ?? {};
            if (JSON.stringify(now) !== JSON.stringify(last)) {
                shown.push({ at: Date.now(), ...now });
            }
        };
        new MutationObserver(look).observe(document, {
            subtree: true,
            childList: true,
            attributes: true,
            characterData: true,
        });
        look();
        return shown;
    }, selector);
    return () => shown.jsonValue();
}
