// What every browser must do, in each engine that is there: from the target to the arrival.
import { PLACES, reloadPage } from "../e2e/browser.mjs";
import { VIEW_MODELS } from "../e2e/health.mjs";
import { expect, picture, test } from "./fixtures.mjs";

// Otherwise OctoPrint asks for a password, which does not exist.
const config = { accessControl: { defaultReauthenticationTimeout: 0 } };
// The bed heats for half a minute, the chamber for longer than its test.
test.use({ octoprintOptions: { timeScale: 4, config } });
test.describe.configure({ mode: "serial" });

test.afterEach(async ({ page }) => {
    const faults = await page.evaluate(() => window.faults);
    expect(faults, "errors of the page").toEqual([]);
});

// The functions that run in the page go there as they are: an old engine must know their syntax.

/** Waits until OctoPrint's page has started up, and collects its errors from then on. */
async function startedUp(page) {
    const isStarted = () =>
        page.evaluate(
            () => "_" in window && _.get(window, "OctoPrint.coreui.startedUp", false),
        );
    await expect.poll(isStarted, { message: "the page has started" }).toBe(true);
    await page.evaluate(() => {
        window.faults = [];
        const add = (what) => window.faults.push(String(what));
        window.addEventListener("error", ({ message }) => add(message));
        window.addEventListener("unhandledrejection", ({ reason }) => add(reason));
    });
}

/** What is shown of a heater in each placement, and the errors that are shown instead. */
const look = (page, heater) =>
    page.evaluate(
        ({ places, heater }) => {
            const shown = (it) => it.getClientRects().length > 0;
            const all = (selector, inside = document) =>
                Array.from(inside.querySelectorAll(selector));
            const seen = {};
            for (const place of Object.keys(places)) {
                const row = `${places[place]} .temp-eta-heater[data-heater="${heater}"]`;
                for (const it of all(row).filter(shown)) {
                    const texts = { phase: it.dataset.phase };
                    for (const part of ["name", "time", "status"]) {
                        [texts[part]] = all(`.temp-eta-${part}`, it).map(
                            ({ textContent }) => textContent,
                        );
                    }
                    seen[place] = texts;
                }
            }
            const errors = all(".temp-eta-failure, .text-error").filter(shown);
            seen.errors = errors.map(({ textContent }) => textContent.trim());
            return seen;
        },
        { places: PLACES, heater },
    );

/** Waits until a heater is shown like this in a placement, without an error. */
const expectShown = (page, heater, place, texts) =>
    expect
        .poll(() => look(page, heater), { message: `${heater}, ${place}` })
        .toMatchObject({ [place]: texts, errors: [] });

/** The texts of a countdown. */
const COUNTDOWN = { phase: "heating", time: expect.stringMatching(/^(\d+:)?\d+:\d\d$/) };

/** The number of heat-ups in what was learned of the bed. */
const heatUps = (page) =>
    page.evaluate(() =>
        Object.keys(localStorage)
            .filter((key) => /^temp_eta\/.*\/bed$/.test(key))
            .map((key) => JSON.parse(localStorage[key]).numbers[2]),
    );

/** Clicks what a narrow window may hide. */
const press = (page, selector) =>
    page.evaluate((it) => document.querySelector(it).click(), selector);

test("OctoPrint's page starts, with all view models", async ({ page, octoprint }) => {
    await page.goto(octoprint.url);
    await startedUp(page);
    const userAgent = await page.evaluate(() => navigator.userAgent);
    const description = `${page.version} (\`${userAgent}\`)`;
    test.info().annotations.push({ type: "browser", description });
    const missing = await page.evaluate(
        (names) => names.filter((name) => !window.OctoPrint.coreui.viewmodels[name]),
        VIEW_MODELS,
    );
    expect(missing, "view models that are missing").toEqual([]);
});

test("Counts down in all four placements", async ({ page, octoprint }) => {
    await octoprint.heat({ bed: 60, chamber: 65 });
    await page.click("#temp_link a");
    await expectShown(page, "chamber", "inline", COUNTDOWN);
    await expectShown(page, "chamber", "sidebar", COUNTDOWN);
    await expectShown(page, "chamber", "navbar", COUNTDOWN);
    await picture(page, "temperature-tab");
    await press(page, "#tab_plugin_temp_eta_link a");
    await expectShown(page, "chamber", "card", COUNTDOWN);
    await picture(page, "tab");
    const { card } = await look(page, "chamber");
    await expect
        .poll(async () => (await look(page, "chamber")).card.time, { message: "counts" })
        .not.toBe(card.time);
});

test("Shows the arrival", async ({ page }) => {
    const arrived = { phase: "at_target", time: "", status: "holds 60\u00a0°C" };
    await expectShown(page, "bed", "card", arrived);
});

test("Keeps what it has learned over a reload", async ({ page }) => {
    await expect.poll(() => heatUps(page), { message: "learned" }).toEqual([1]);
    await reloadPage(page);
    await startedUp(page);
    await expectShown(page, "bed", "sidebar", { phase: "at_target" });
    expect(await heatUps(page)).toEqual([1]);
});

test("Saves a setting", async ({ page, octoprint }) => {
    const field = "#temp_eta_history_size";
    const showPane = async () => {
        await press(page, "#navbar_show_settings");
        await expectVisible(page, "#settings_plugin_temp_eta_link");
        await page.click("#settings_plugin_temp_eta_link a");
        // The form is there before its panes are.
        const pane = '#temp_eta_settings a[href="#temp_eta_pane_calculation"]';
        await expectVisible(page, pane);
        await page.click(pane);
        await expectVisible(page, field);
    };
    await showPane();
    const value = () => page.evaluate((it) => $(it).val(), field);
    await page.fill(field, "150");
    await expect.poll(value, { message: "typed" }).toBe("150");
    await picture(page, "settings");
    await page.click("[data-test-id=settings-save]");
    const saved = async () => (await octoprint.settings()).history_size;
    await expect.poll(saved, { message: "saved" }).toBe(150);
    await reloadPage(page);
    await startedUp(page);
    await showPane();
    expect(await value()).toBe("150");
});

test("Is in German", async ({ page, octoprint }) => {
    await page.goto(`${octoprint.url}?l10n=de`);
    await startedUp(page);
    await octoprint.heat({ bed: 110 });
    const german = { name: "Bett", status: "heizt" };
    await expectShown(page, "bed", "sidebar", { ...COUNTDOWN, ...german });
    await picture(page, "german");
});

const expectVisible = (page, selector) =>
    expect
        .poll(() => page.evaluate((it) => $(it).is(":visible"), selector), {
            message: `${selector} is visible`,
        })
        .toBe(true);
