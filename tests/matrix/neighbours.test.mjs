// Other plugins in the same page: one that takes the Temperature tab over, broken ones.
import assert from "node:assert/strict";
import { after, afterEach, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import { countdown, openBrowser, openPage, placements, until } from "../e2e/browser.mjs";
import { picture } from "../e2e/looks.mjs";
import { givePlugin } from "./environment.mjs";
import { itWholly, onEveryOctoPrint, startVersion } from "./versions.mjs";

const plugin = (name) => fileURLToPath(new URL(`plugins/${name}`, import.meta.url));

onEveryOctoPrint(neighbours, { partly: "1.11.8" });

function neighbours(version) {
    let browser;
    let octoprint;

    before(async () => {
        await givePlugin(version);
        browser = await openBrowser();
    });

    afterEach(() => octoprint?.stop());

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const openBeside = async (name, options) => {
        octoprint = await startVersion(version, "neighbours", {
            plugins: [plugin(name)],
            heat: { bed: 115 },
            ...options,
        });
        return openPage(browser, octoprint.url, { touched: false });
    };
    /** OctoPrint itself: it hears the printer, and its tabs can be shown. */
    const octoprintWorks = async (page) => {
        await page.locator("#temp_link a").click();
        const actual = page.locator("#temperature-table .temperature_actual").nth(2);
        const first = await actual.textContent();
        await until(
            "new temperature",
            async () => (await actual.textContent()) !== first,
        );
        await page.locator("#navbar_show_settings").click();
        await page.locator("#settings_dialog.in").waitFor();
        await page.locator("[data-test-id=settings-close-button]").click();
    };

    /** With no script of ours there is one line, and nothing that was never bound. */
    const saysThatItDoesNotRun = async (page) => {
        const panel = page.locator("#sidebar_plugin_temp_eta");
        assert.match(await panel.locator("p:visible").textContent(), /^ETA unavailable/);
        assert.ok(await panel.locator(".temp-eta-sidebar").isHidden());
        assert.ok(await page.locator(".temp-eta-bar").isHidden());
    };

    it("Beside a plugin that replaces the Temperature tab", async () => {
        const page = await openBeside("other_temperature_tab");
        const { sidebar, navbar } = placements(page, "bed");
        for (const place of [sidebar, navbar]) await countdown(place);
        const theirs = page.locator("#other-temperature-table");
        await until("countdown in its rows", async () =>
            /\d:\d\d/.test(await theirs.textContent()),
        );
        await picture(page, `matrix-${version}-other-tab`);
        assert.deepEqual(page.faults, []);
        await page.close();
    });

    it("Beside a plugin whose script throws: OctoPrint works, and we count or say why not", async (t) => {
        const page = await openBeside("broken_script");
        await octoprintWorks(page);
        assert.equal(page.faults.length, 1, page.faults);
        if (version.startsWith("1.10.")) {
            assert.equal(page.faults[0], "uncaught: exc is not defined");
            await saysThatItDoesNotRun(page);
            t.diagnostic(
                "What catches the error in this OctoPrint is broken itself, and no plugin " +
                    "after that one runs; TempETA's places say that it does not.",
            );
            await page.close();
            return;
        }
        assert.match(page.faults[0], /broken on purpose/);
        await countdown(placements(page, "bed").inline);
        await page.close();
    });

    itWholly("Beside a plugin whose script throws, unbundled", async () => {
        const page = await openBeside("broken_script", { bundle: false });
        await countdown(placements(page, "bed").inline);
        assert.deepEqual(page.faults, ["uncaught: broken on purpose"]);
        await octoprintWorks(page);
        await page.close();
    });

    it("Beside a plugin whose script is no JavaScript: OctoPrint works, and we say why not", async (t) => {
        const page = await openBeside("syntax_error");
        await octoprintWorks(page);
        assert.equal(page.faults.length, 1, page.faults);
        assert.match(page.faults[0], /^uncaught: .*Unexpected token/);
        await saysThatItDoesNotRun(page);
        await picture(page, `matrix-${version}-syntax-error`);
        t.diagnostic(
            "OctoPrint hands the scripts of all plugins to the browser in one file, and " +
                "none of them runs then; TempETA's places say that it does not.",
        );
        await page.close();
    });

    itWholly("Beside a plugin whose script is no JavaScript, unbundled", async () => {
        const page = await openBeside("syntax_error", { bundle: false });
        await countdown(placements(page, "bed").inline);
        assert.equal(page.faults.length, 1, page.faults);
        assert.match(page.faults[0], /^uncaught: .*Unexpected token/);
        await octoprintWorks(page);
        await page.close();
    });
}
