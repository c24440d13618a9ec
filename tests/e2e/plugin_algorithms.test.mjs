// Algorithms of other plugins: one that works, and some that do not.
import { fileURLToPath } from "node:url";
import {
    awaitReadings,
    becomes,
    closeSettings,
    countdown,
    openSettings,
    placements,
    reload,
    storedStates,
} from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { picture } from "./visual_checks.mjs";

const sample = fileURLToPath(new URL("../sample_algorithm", import.meta.url));

test.use({
    octoprintOptions: { timeScale: 2, plugins: [sample], settings: { min_rate: 0.01 } },
});
test.describe.configure({ mode: "serial" });

const register = (page, id, source) =>
    page.evaluate(
        ([id, source]) =>
            window.OctoPrint.coreui.viewmodels.tempEtaViewModel.registerAlgorithm({
                id,
                name: `Test ${id}`,
                estimate: new Function("samples", "phase", source),
            }),
        [id, source],
    );
/** The algorithms in the settings, with their notes. */
const radios = (page) => page.locator("#temp_eta_settings label.radio");

test("can be selected in the settings", async ({ page }) => {
    await openSettings(page, "calculation");
    const radio = radios(page).nth(3);
    await expect(radio).toHaveText("Two points not measured yet");
    await radio.locator("input").check();
    await closeSettings(page, "settings-save");
    const { algorithm } = await page.octoprint.settings();
    expect(algorithm).toBe("sample_algorithm.two_points");
});

test("counts down in all placements, and is scored on arrival", async ({ page }) => {
    await page.octoprint.heat({ bed: 60 });
    const { inline, sidebar } = placements(page, "bed");
    const first = await countdown(sidebar);
    await countdown(inline);
    await expect.poll(() => countdown(sidebar)).toBeLessThan(first - 3);
    await becomes(sidebar, "at_target");
    await openSettings(page, "calculation");
    const score = /error \d+% of the total time, measured once/;
    await expect(radios(page)).toHaveText(Array(4).fill(score));
    await picture(page, "settings-algorithms");
    await closeSettings(page);
    await reload(page);
    await openSettings(page, "calculation");
    await expect(radios(page).nth(3)).toHaveText(/^\s*Two points\s+error/);
    await expect(page.locator("#temp_eta_learned_list")).toHaveText(
        /Bed: 1 heat-up, 0 cool-downs since \d/,
    );
    await closeSettings(page);
    // From here on the bed is on its way for as long as the tests take.
    await page.octoprint.setTimeScale(0.25);
});

const SLOW = "const t = Date.now(); while (Date.now() < t + 40); return 5";
for (const [what, target, source, words, details] of [
    ["throws", 100, "throw new Error('oh')", /Error\./, ONLY_IN_ALL],
    ["is slow", 100, SLOW, /too slow/, {}],
    ["returns NaN", 0, "return NaN", /invalid time/, ONLY_IN_ALL],
]) {
    const title = `is switched off with one message when it ${what}, and others continue`;
    test(title, details, async ({ page }) => {
        const id = `test.${what.toLowerCase().replace(" ", "_")}`;
        await page.locator("#temp_link a").click();
        await page.evaluate(() => window.PNotify.removeAll());
        await register(page, id, source);
        await page.octoprint.configure({ algorithm: id });
        await page.octoprint.heat({ bed: target });
        const message = page.locator(".ui-pnotify", { hasText: `Test ${id}` });
        await expect(message.first()).toHaveText(words);
        // More than are needed to switch it off.
        await awaitReadings(page, 4);
        expect(await message.count(), "once").toBe(1);
        await countdown(placements(page, "bed").sidebar);
        await openSettings(page, "calculation");
        await expect(radios(page).filter({ hasText: id })).toHaveText(/disabled/);
        await closeSettings(page);
    });
}

for (const { when, words, errors, details } of [
    {
        ...{ when: "while it is asked", words: /Error\./, errors: [] },
        details: ONLY_IN_ALL,
    },
    {
        ...{ when: "right after it was asked", words: /too slow/ },
        errors: [expect.stringMatching(/too slow, or registered too often/)],
        details: {},
    },
]) {
    const title = `does not stop the page when it registers itself ${when}`;
    test(title, details, async ({ page }) => {
        await page.octoprint.heat({ bed: 100 });
        await page.evaluate((when) => {
            const { tempEtaViewModel } = window.OctoPrint.coreui.viewmodels;
            const again = () => tempEtaViewModel.registerAlgorithm(algorithm);
            const algorithm = {
                id: `test.${when.replaceAll(" ", "_")}`,
                name: `Again ${when}`,
                estimate: () => {
                    if (when === "while it is asked") again();
                    else queueMicrotask(again);
                    return 5;
                },
            };
            return again();
        }, when);
        const message = page.locator(".ui-pnotify", { hasText: `Again ${when}` });
        await expect(message.first()).toHaveText(words);
        await awaitReadings(page, 4);
        await countdown(placements(page, "bed").sidebar);
        expect(page.faults.splice(0), "in the console").toEqual(errors);
    });
}

test("may be selected but not registered", async ({ page }) => {
    await page.octoprint.heat({ bed: 100 });
    await page.octoprint.configure({ algorithm: "gone_away.algorithm" });
    await countdown(placements(page, "bed").sidebar);
    await openSettings(page, "calculation");
    await expect(radios(page).last()).toHaveText(
        /gone_away.algorithm\s+unavailable: using Linear/,
    );
    await closeSettings(page);
});

test("is reported in the console if it is invalid", async ({ page }) => {
    await register(page, "nonsense", "return 5");
    const error = expect.stringMatching(/"plugin.algorithm", not nonsense/);
    // Removed, as it is the only error.
    await expect.poll(() => page.faults.splice(0)).toEqual([error]);
});

test("loses its scores when the learned data are deleted", async ({ page }) => {
    await openSettings(page, "calculation");
    const scores = radios(page).filter({ hasText: "of the total time" });
    await expect(scores).not.toHaveCount(0);
    await page.locator("#temp_eta_forget").click();
    await page.locator(".modal.in .btn-danger").last().click();
    await expect(scores).toHaveCount(0);
    await expect(page.locator("#temp_eta_learned_list li")).toHaveCount(0);
    expect(await storedStates(page)).toEqual({});
});
