// Other plugins in the same page: one that takes the Temperature tab over, broken ones.
import { fileURLToPath } from "node:url";
import { closeSettings, countdown, placements } from "../e2e/browser.mjs";
import { givePlugin } from "./environment.mjs";
import { expect, picture, test } from "./versions.mjs";

const plugin = (name) => fileURLToPath(new URL(`plugins/${name}`, import.meta.url));

/** What the table says below its cells. */
const note = (description) => test.info().annotations.push({ type: "note", description });

test.describe("neighbours", { tag: "@partly-1.11.8" }, () => {
    test.beforeAll(({ version }) => givePlugin(version));

    const openBeside = async (run, name, options) => {
        const plugins = [plugin(name)];
        const all = { plugins, heat: { bed: 115 }, ...options };
        await run.start(all, { touched: false });
        return run.page;
    };
    /** OctoPrint itself: it hears the printer, and its tabs can be shown. */
    const octoprintWorks = async (page) => {
        await page.locator("#temp_link a").click();
        const actual = page.locator("#temperature-table .temperature_actual").nth(2);
        await expect(actual).not.toHaveText(await actual.textContent());
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_dialog.in").waitFor();
        await closeSettings(page);
    };
    /** With no script of ours there is one line, and nothing that was never bound. */
    const saysThatItDoesNotRun = async (page) => {
        const panel = page.locator("#sidebar_plugin_temp_eta");
        await expect(panel.locator("p:visible")).toHaveText(/^ETA unavailable/);
        await expect(panel.locator(".temp-eta-sidebar")).toBeHidden();
        await expect(page.locator(".temp-eta-navbar")).toBeHidden();
    };

    test("Beside a plugin that replaces the Temperature tab", async ({ run }) => {
        const page = await openBeside(run, "other_temperature_tab");
        const { sidebar, navbar } = placements(page, "bed");
        for (const place of [sidebar, navbar]) await countdown(place);
        await expect(page.locator("#other-temperature-table")).toHaveText(/\d:\d\d/);
        await picture(page, "other-tab");
        expect(page.faults).toEqual([]);
    });

    test("Beside a plugin whose script throws: OctoPrint works, and we count or say why not", async ({
        version,
        run,
    }) => {
        const page = await openBeside(run, "broken_script");
        await octoprintWorks(page);
        if (version.startsWith("1.10.")) {
            expect(page.faults).toEqual(["uncaught: exc is not defined"]);
            await saysThatItDoesNotRun(page);
            note(
                "What catches the error in this OctoPrint is broken itself, and no plugin " +
                    "after that one runs; TempETA's places say that it does not.",
            );
        } else {
            expect(page.faults).toEqual([expect.stringMatching(/broken on purpose/)]);
            await countdown(placements(page, "bed").inline);
        }
    });

    test("Beside a plugin whose script throws, unbundled", { tag: "@whole" }, async ({
        run,
    }) => {
        const page = await openBeside(run, "broken_script", { bundle: false });
        await countdown(placements(page, "bed").inline);
        expect(page.faults).toEqual(["uncaught: broken on purpose"]);
        await octoprintWorks(page);
    });

    const SYNTAX_ERROR = [expect.stringMatching(/^uncaught: .*Unexpected token/)];

    test("Beside a plugin whose script is no JavaScript: OctoPrint works, and we say why not", async ({
        run,
    }) => {
        const page = await openBeside(run, "syntax_error");
        await octoprintWorks(page);
        expect(page.faults).toEqual(SYNTAX_ERROR);
        await saysThatItDoesNotRun(page);
        await picture(page, "syntax-error");
        note(
            "OctoPrint hands the scripts of all plugins to the browser in one file, and " +
                "none of them runs then; TempETA's places say that it does not.",
        );
    });

    test("Beside a plugin whose script is no JavaScript, unbundled", {
        tag: "@whole",
    }, async ({ run }) => {
        const page = await openBeside(run, "syntax_error", { bundle: false });
        await countdown(placements(page, "bed").inline);
        expect(page.faults).toEqual(SYNTAX_ERROR);
        await octoprintWorks(page);
    });
});
