// A more accurate algorithm is offered, and what each one said can be looked at.
import { holds, placements } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { ELSEWHERE } from "./other_users.mjs";
import { assertAccessible, picture } from "./visual_checks.mjs";

test.describe.configure({ mode: "serial" });

const sidebar = (page) => page.locator("#sidebar_plugin_temp_eta .temp-eta-offer");
const tab = (page) => page.locator("#tab_plugin_temp_eta .temp-eta-offer");
const OFFERED =
    /^\s*Adaptive was \d+\ss off, Linear \d+\ss\.\s+Use Adaptive\s+Not now\s*$/;

/** The algorithm that an open page uses. */
const algorithm = (page) =>
    page.evaluate(
        () => window.OctoPrint.coreui.viewmodels.tempEtaViewModel.saved().algorithm,
    );

/** Lets the tool heat up, as a page shows it. */
async function heatUp(page, target) {
    await page.octoprint.heat({ tool0: target });
    await holds(placements(page, "tool0").sidebar, target);
}

test("nothing is offered before three heat-ups", async ({ page }) => {
    await heatUp(page, 120);
    await heatUp(page, 180);
    await expect(sidebar(page)).toBeHidden();
});

test("a clearly more accurate algorithm is offered to who may change settings", async ({
    page,
    open,
}) => {
    await heatUp(page, 240);
    await expect(sidebar(page)).toHaveText(OFFERED);
    await page.locator('#tabs a[href="#tab_plugin_temp_eta"]').click();
    await expect(tab(page)).toHaveText(OFFERED);
    await picture(page, "53-offer");

    const permissions = ["STATUS", "SETTINGS_READ", "CONTROL"];
    await page.octoprint.put("access/groups/guests", { permissions });
    const guest = await open({ headers: ELSEWHERE, expected: /403/ });
    await placements(guest, "tool0").sidebar.row.waitFor();
    await guest.locator('#tabs a[href="#tab_plugin_temp_eta"]').click();
    await guest.locator("#temp_eta_scorecard").click();
    await expect(guest.locator(".temp-eta-past")).toHaveCount(3);
    await expect(sidebar(guest)).toBeHidden();
});

test("one click changes what all pages show, and another undoes it", async ({
    page,
    open,
}) => {
    const other = await open();
    await expect(sidebar(other)).toHaveText(OFFERED);
    await sidebar(page).getByRole("button", { name: "Use Adaptive" }).click();
    await expect(sidebar(page)).toContainText("Adaptive is used now.");
    for (const it of [page, other])
        await expect.poll(() => algorithm(it)).toBe("adaptive");
    await expect(sidebar(other)).toBeHidden();
    await picture(page, "54-offer-accepted");
    await tab(page).getByRole("button", { name: "Undo" }).click();
    for (const it of [page, other]) {
        await expect.poll(() => algorithm(it)).toBe("linear");
        await expect(sidebar(it)).toHaveText(OFFERED);
    }
});

test("past estimates are shown beside what was true", async ({ page }) => {
    await page.locator("#temp_eta_scorecard").click();
    const past = page.locator("#tab_plugin_temp_eta .temp-eta-past");
    await expect(past).toHaveCount(3);
    await expect(past.first().locator("caption")).toHaveText(
        /^1\d\d → 240\s°C in \d+:\d\d, /,
    );
    const rows = past.first().locator("tbody tr");
    await expect(rows.locator("th")).toHaveText([
        "Actually left",
        /Linear/,
        /Exponential/,
        /Adaptive/,
    ]);
    await expect(rows.last().locator("td")).toHaveText([
        /^\d+:\d\d$/,
        /^\d+:\d\d$/,
        /^\d+:\d\d$/,
        /^\d+\ss$/,
    ]);
    await expect(past.first().locator(".temp-eta-of-adaptive circle")).toHaveCount(3);
    await assertAccessible(page);
    await picture(page, "55-past-estimates");
});

test("not now is for good, and the settings can take it back", async ({ page, open }) => {
    await sidebar(page).getByRole("button", { name: "Not now" }).click();
    await expect(sidebar(page)).toBeHidden();
    const later = await open();
    await placements(later, "tool0").inline.row.waitFor();
    await expect
        .poll(() =>
            later.evaluate(() => {
                const { tempEtaViewModel: eta } = window.OctoPrint.coreui.viewmodels;
                return eta.learned().length;
            }),
        )
        .toBe(1);
    await expect(sidebar(later)).toBeHidden();
    await page.octoprint.configure({ suggest_algorithm: true });
    await expect(sidebar(page)).toHaveText(OFFERED);
});
