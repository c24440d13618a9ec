// Other plugins in the same page: one that replaces the Temperature tab, and faulty ones.
import { fileURLToPath } from "node:url";
import { closeSettings, countdown, placements } from "../e2e/browser.mjs";
import { slowBed } from "../e2e/health.mjs";
import { givePlugin } from "./environment.mjs";
import { expect, picture, test } from "./versions.mjs";

const plugin = (name) => fileURLToPath(new URL(`plugins/${name}`, import.meta.url));

/** Adds a note below the table of results. */
const note = (description) => test.info().annotations.push({ type: "note", description });

test.describe("other plugins", { tag: "@partly-1.11.8" }, () => {
    test.beforeAll(({ version }) => givePlugin(version));

    const openBeside = async (run, name, options) => {
        const plugins = [plugin(name)];
        const all = { ...slowBed(), plugins, ...options };
        await run.start(all, { touched: false });
        return run.page;
    };
    /** Checks that temperatures arrive and that tabs and settings open. */
    const assertOctoPrintWorks = async (page) => {
        await page.locator("#temp_link a").click();
        const actual = page.locator("#temperature-table .temperature_actual").nth(2);
        await expect(actual).not.toHaveText(await actual.textContent());
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_dialog.in").waitFor();
        await closeSettings(page);
    };
    /** Checks that there is only the text for scripts that did not run. */
    const assertUnavailable = async (page) => {
        const sidebar = page.locator("#sidebar_plugin_temp_eta");
        await expect(sidebar.locator("p:visible")).toHaveText(/^ETA unavailable/);
        await expect(sidebar.locator(".temp-eta-sidebar")).toBeHidden();
        await expect(page.locator(".temp-eta-navbar")).toBeHidden();
    };

    test("With a plugin that replaces the Temperature tab", async ({ run }) => {
        const page = await openBeside(run, "other_temperature_tab");
        const { sidebar, navbar } = placements(page, "bed");
        for (const place of [sidebar, navbar]) await countdown(place);
        await expect(page.locator("#other-temperature-table")).toHaveText(/\d:\d\d/);
        await picture(page, "other-tab");
        expect(page.faults).toEqual([]);
    });

    test("With a plugin whose script throws: OctoPrint works; a countdown, or the reason", async ({
        version,
        run,
    }) => {
        const page = await openBeside(run, "broken_script");
        await assertOctoPrintWorks(page);
        if (version.startsWith("1.10.")) {
            expect(page.faults).toEqual(["uncaught: exc is not defined"]);
            await assertUnavailable(page);
            note(
                "The error handler of this OctoPrint is broken, and no plugin after that one " +
                    "runs; TempETA shows a message.",
            );
        } else {
            expect(page.faults).toEqual([expect.stringMatching(/broken on purpose/)]);
            await countdown(placements(page, "bed").inline);
        }
    });

    test("With a plugin whose script throws, unbundled", { tag: "@whole" }, async ({
        run,
    }) => {
        const page = await openBeside(run, "broken_script", { bundle: false });
        await countdown(placements(page, "bed").inline);
        expect(page.faults).toEqual(["uncaught: broken on purpose"]);
        await assertOctoPrintWorks(page);
    });

    const SYNTAX_ERROR = [expect.stringMatching(/^uncaught: .*Unexpected token/)];

    test("With a plugin whose script is invalid: OctoPrint works, with a message", async ({
        run,
    }) => {
        const page = await openBeside(run, "syntax_error");
        await assertOctoPrintWorks(page);
        expect(page.faults).toEqual(SYNTAX_ERROR);
        await assertUnavailable(page);
        await picture(page, "syntax-error");
        note(
            "OctoPrint bundles the scripts of all plugins, and none of them runs; TempETA " +
                "shows a message.",
        );
    });

    test("With a plugin whose script is invalid, unbundled", {
        tag: "@whole",
    }, async ({ run }) => {
        const page = await openBeside(run, "syntax_error", { bundle: false });
        await countdown(placements(page, "bed").inline);
        expect(page.faults).toEqual(SYNTAX_ERROR);
        await assertOctoPrintWorks(page);
    });
});
