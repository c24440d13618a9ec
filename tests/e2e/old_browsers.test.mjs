// Chromiums that are older than the calculation needs, or nearly: whatever happens to our part,
// OctoPrint and its other plugins work.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OLDEST_BROWSERS } from "../../scripts/build/browsers.mjs";
import { cache } from "../../scripts/paths.mjs";
import { OLD_CHROMIUMS, oldChromium } from "../../scripts/setup/old-browsers.mjs";
import { addLog } from "./failure_logs.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { slowBed, VIEW_MODELS } from "./health.mjs";
import { openIn } from "./old_chromium.mjs";

// OctoPrint joins the scripts of plugins in the order of their names: one before ours, one after.
const NEIGHBORS = ["a_neighbor", "z_neighbor"];
const plugins = NEIGHBORS.map((name) =>
    fileURLToPath(new URL(`plugins/${name}`, import.meta.url)),
);

test.use({ octoprintOptions: { ...slowBed(), plugins } });

const pictures = join(cache, "screenshots");

/** Opens OctoPrint in an old Chromium, checks its version, and calls `look`. */
async function visit(octoprint, version, look) {
    const program = oldChromium(version);
    test.skip(
        !existsSync(program),
        `There is no ${program}: it comes from npm install ${OLD_CHROMIUMS[version]}, ` +
            "which needs Linux on x64.",
    );
    const page = await openIn(program, octoprint.url);
    try {
        const lines = () => page.consoleLines.map(({ type, text }) => `${type}: ${text}`);
        addLog(`chromium-${version}`, lines);
        // Expressions for the page are as old as its browser.
        const started = () =>
            page.evaluate(
                "Boolean(window.OctoPrint && (OctoPrint.coreui || {}).startedUp)",
            );
        await expect.poll(started, { message: "OctoPrint has started up" }).toBe(true);
        expect(await page.evaluate("navigator.userAgent")).toContain(
            `Chrome/${version}.`,
        );
        await look(page);
    } finally {
        await page.close();
    }
}

function picture(page, version) {
    mkdirSync(pictures, { recursive: true });
    return page.screenshot(join(pictures, `chromium-${version}.png`));
}

const shown = (page, selector) =>
    page.evaluate(
        `$(${JSON.stringify(selector)}).filter(":visible").get()
            .map((it) => it.textContent.trim()).join("|")`,
    );

/** Checks that OctoPrint and the other plugins work, and that no script has thrown. */
async function assertOthersWork(page) {
    const missing = await page.evaluate(
        `${JSON.stringify([...VIEW_MODELS, "aNeighborViewModel", "zNeighborViewModel"])}
            .filter((name) => !OctoPrint.coreui.viewmodels[name])`,
    );
    expect(missing, "view models that are missing").toEqual([]);
    expect(await shown(page, "#a_neighbor, #z_neighbor")).toBe("A is bound|Z is bound");
    await page.evaluate("void $('#temp_link a').tab('show')");
    const actual = () => shown(page, "#temperature-table .temperature_actual > span");
    const before = await actual();
    expect(before).toMatch(/\d/);
    await expect.poll(actual, { message: "a new temperature" }).not.toBe(before);
    expect(page.faults).toEqual([]);
}

/** The console's errors, and the warnings of ours: OctoPrint warns when its server is slow. */
const logged = (page) =>
    page.consoleLines
        .filter(
            ({ type, text }) =>
                type === "error" ||
                (type === "warning" && /temp(erature)?.?eta/i.test(text)),
        )
        .map(({ text }) => text);

for (const [version, details] of [
    [79, ONLY_IN_ALL],
    [83, {}],
]) {
    const title = `Chromium ${version} loses only the ETAs, and says so in a line`;
    test(title, details, async ({ octoprint }) => {
        await visit(octoprint, version, async (page) => {
            await assertOthersWork(page);
            const failure = () =>
                shown(page, "#sidebar_plugin_temp_eta .temp-eta-failure");
            await expect
                .poll(failure)
                .toContain(`too old. Use ${OLDEST_BROWSERS} or newer.`);
            await picture(page, version);
            expect(await shown(page, "#sidebar_plugin_temp_eta p")).toBe(await failure());
            const parts = ".temp-eta-heater, .temp-eta-printer, .temp-eta-navbar";
            expect(await shown(page, parts)).toBe("");
            expect(logged(page)).toEqual([expect.stringMatching(/^Temperature ETA: /)]);

            await page.evaluate("void $('#navbar_show_settings').click()");
            const settings = () => shown(page, "#settings_plugin_temp_eta .text-error");
            await page.evaluate("void $('#settings_plugin_temp_eta_link a').tab('show')");
            await expect.poll(settings).toBe("The settings could not be loaded.");
            expect(page.faults).toEqual([]);
        });
    });
}

// The oldest one that the plugin is made for, and a newer one.
for (const [version, details] of [
    [85, {}],
    [92, ONLY_IN_ALL],
]) {
    test(`Chromium ${version} counts down`, details, async ({ octoprint }) => {
        await visit(octoprint, version, async (page) => {
            const places = [
                "#sidebar_plugin_temp_eta",
                "#temperature-table",
                ".temp-eta-navbar",
            ];
            await page.evaluate("void $('#temp_link a').tab('show')");
            for (const place of places) {
                const time = () =>
                    shown(page, `${place} .temp-eta-heater .temp-eta-time`);
                await expect.poll(time, { message: place }).toMatch(/^\d+:\d\d/);
            }
            await assertOthersWork(page);
            await picture(page, version);
            expect(logged(page)).toEqual([]);
        });
    });
}
