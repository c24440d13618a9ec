// What was learned, in an OctoPrint that tests restart, and in its pages.
import { join } from "node:path";
import { holds, openPage, placements, storedEntries } from "./browser.mjs";
import { test as base, expect, expectNoFaults } from "./fixtures.mjs";
import { startOctoPrint } from "./octoprint.mjs";

/** With `open(pageOptions)`, for pages of an OctoPrint that the tests restart. */
export const test = base.extend({
    open: async ({ browser }, use) => {
        const pages = [];
        await use(async (options) => {
            const page = await openPage(browser, octoprint, options);
            pages.push(page);
            return page;
        });
        for (const page of pages) await page.close();
        expectNoFaults(pages);
    },
});

/** What a page says while OctoPrint restarts. */
export const RESTARTING = /ERR_CONNECTION|WebSocket|Failed to load resource/;

let octoprint;

/** Starts OctoPrint, or again with what it has stored, and no history. */
export async function start() {
    await octoprint?.stop();
    const last = octoprint && { keep: true, apiKey: octoprint.apiKey };
    const { port } = octoprint ?? {};
    octoprint = await startOctoPrint({
        timeScale: 4,
        settings: { algorithm: "adaptive" },
        ...last,
        port,
    });
    const status = async () => (await octoprint.request("api/printer")).status;
    await expect.poll(status, { message: "a connected printer" }).toBe(200);
}

/** Stops it for good. */
export async function stop() {
    await octoprint?.stop();
    octoprint = undefined;
}

/** The OctoPrint that runs now. */
export const current = () => octoprint;

/** What OctoPrint keeps of the bed: `[revision, heat-ups]`; `null` for nothing. */
export async function kept() {
    const { heaters } = await octoprint.api("plugin/temp_eta?learned=_default");
    return heaters.bed ? [heaters.bed.revision, heaters.bed.numbers[2]] : null;
}

export const expectKept = (revision, heatUps) =>
    expect.poll(kept, { message: "what OctoPrint keeps" }).toEqual([revision, heatUps]);

export const folder = () => join(octoprint.basedir, "data", "temp_eta");
export const file = () => join(folder(), "lessons-_default.json");

/** What a page knows about a heater: its heat-ups, and why OctoPrint does not keep them. */
export const known = (page, heater = "bed") =>
    page.evaluate(async (heater) => {
        const { tempEtaViewModel: eta } = window.OctoPrint.coreui.viewmodels;
        await eta.refreshLearned();
        const learned = eta.learned().find((it) => it.heater === heater);
        return [learned ? learned.heatUps : 0, eta.keepingProblem()];
    }, heater);

export const expectKnown = (page, heatUps, problem = "") =>
    expect.poll(() => known(page)).toEqual([heatUps, problem]);

/** The copy of the bed's state in a page's browser: `[revision, whether it is changed]`. */
export async function copy(page) {
    const text = (await storedEntries(page))["temp_eta/2//_default/bed"];
    if (!text) return null;
    const { revision, changed } = JSON.parse(text);
    return [revision, changed];
}

/** Lets the bed heat up, as pages show it. */
export async function heatUp(target, ...pages) {
    await octoprint.heat({ bed: target });
    await Promise.all(
        pages.map((page) => holds(placements(page, "bed").sidebar, target)),
    );
}

/** Confirms OctoPrint's dialog. */
export async function confirm(page, text) {
    // The settings are open behind it.
    const dialogs = page.locator(".modal.in");
    await expect(dialogs).toHaveCount(2);
    await expect(dialogs.last()).toContainText(text);
    await dialogs.last().locator(".btn-danger").click();
    await expect(dialogs).toHaveCount(1);
}

export const notices = (page) => page.locator(".temp-eta-notice");

/** The heat-ups that OctoPrint keeps; a page may have learned more from the history. */
export async function settled(...pages) {
    let heatUps;
    const agree = async () => {
        [, heatUps] = (await kept()) ?? [];
        const all = await Promise.all(pages.map((page) => known(page)));
        return all.every(([own, problem]) => own === heatUps && problem === "");
    };
    await expect.poll(agree, { message: "pages that know what is kept" }).toBe(true);
    return heatUps;
}
