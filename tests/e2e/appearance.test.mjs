// Continues walkthrough.test.mjs: heaters, units, screens, themes, languages and users.
import { darken, narrow } from "../../scripts/screenshots/themes.mjs";
import {
    closeSettings,
    countdown,
    openSettings,
    PANES,
    placements,
    showOurs,
    showPane,
} from "./browser.mjs";
import { expect, expectNoFaults, isWhole, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { slowBed } from "./health.mjs";
import { ELSEWHERE } from "./other_users.mjs";
import { assertLooksRight, picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: slowBed({ virtual_printer: { numExtruders: 3 } }) });
test.describe.configure({ mode: "serial" });

// The first page is open during the tests with other pages, too.
test.afterEach(({ openedPage }) => expectNoFaults([openedPage]));

const navbarHeight = async (page) => (await page.locator("#navbar").boundingBox()).height;

/** Checks panes of the settings, with all optional controls shown. */
async function assertSettingsLookRight(page, name, panes = PANES) {
    await openSettings(page, "general");
    await page.locator("#settings_dialog.in").waitFor();
    for (const pane of panes) {
        await showPane(page, pane);
        for (const key of ["sound_enabled", "notification_enabled", "mqtt_enabled"]) {
            const field = page.locator(`#temp_eta_pane_${pane} #temp_eta_${key}`);
            if (await field.count()) await field.check();
        }
        await assertLooksRight(page, `${name}-${pane}`);
    }
    await closeSettings(page);
}

test("follows a profile with three tools and a chamber, changed elsewhere", async ({
    page,
    octoprint,
}) => {
    await showOurs(page);
    await octoprint.useTools(3);
    await octoprint.heat({ tool0: 200, tool1: 210, tool2: 220, chamber: 45 });
    for (const heater of ["tool0", "tool1", "tool2", "bed", "chamber"]) {
        const { inline, sidebar, card } = placements(page, heater);
        for (const { row } of [inline, sidebar, card]) await expect(row).toHaveCount(1);
        await countdown(card);
    }
    await countdown(placements(page, "tool2").navbar);
    // So that the bed is on its way in all that follows, however slow the machine is.
    await octoprint.setTimeScale(0.25);
    await assertLooksRight(page, "8-five-heaters");
    expect(await navbarHeight(page), "in px").toBeLessThanOrEqual(41);
});

test("shows both units everywhere", async ({ page, octoprint }) => {
    const changes = { temp_display: "cf", algorithm: "adaptive", color_mode: "status" };
    await octoprint.configure(changes);
    const { card } = placements(page, "chamber");
    await expect(card.temps).toHaveText(/→ 45\u00a0°C \(.+ → 113\u00a0°F\)$/);
    await expect(page.locator("#temp_eta_graph")).toHaveText(/°F/);
    const bar = page.locator("#tab_plugin_temp_eta [data-heater=chamber] .temp-eta-bar");
    await expect(bar).toHaveCSS("background-color", "rgb(92, 184, 92)");
    await expect(bar).toHaveCSS("background-image", "none");
    await assertLooksRight(page, "9-fahrenheit");
});

/** A phone, a tablet, and the touch screens of printers. */
const SCREENS = [
    { width: 360, height: 640 },
    { width: 768, height: 900, details: ONLY_IN_ALL },
    { width: 800, height: 480, details: ONLY_IN_ALL },
    { width: 480, height: 320, details: ONLY_IN_ALL },
];

/** The width of the page's content in px, without what is ours if `style` hides it. */
async function contentWidth(page, style = "html {}") {
    const tag = await page.addStyleTag({ content: style });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    await tag.evaluate((it) => it.remove());
    return width;
}

for (const { width, height, details = {} } of SCREENS) {
    const size = `${width}x${height}`;
    const openTabs = async (page, look) => {
        await countdown(placements(page, "bed").inline);
        await look("temperature");
        // Its link may be in a menu.
        await page.evaluate(() => $("#tabs a[href='#tab_plugin_temp_eta']").tab("show"));
        for (const place of ["card", "sidebar"]) {
            await countdown(placements(page, "bed")[place]);
        }
        await look("ours");
    };

    test(`fits a screen of ${size} px`, details, async ({ open }) => {
        const page = await open();
        await narrow(page, width, height);
        await openTabs(page, async (tab) => {
            await assertLooksRight(page, `10-${size}-${tab}`);
            expect(await contentWidth(page), tab).toBeLessThanOrEqual(width);
        });
        const heating = await navbarHeight(page);
        await page.addStyleTag({
            content: "#navbar_plugin_temp_eta {display: none !important}",
        });
        expect(await navbarHeight(page), "the navbar without ours").toBe(heating);
    });

    test(`widens no page on a screen of ${size} px`, details, async ({ open }) => {
        const page = await open();
        await page.setViewportSize({ width, height });
        await openTabs(page, async (tab) => {
            await picture(page, `10-${size}-${tab}-octoprints`);
            const without =
                "[id*=plugin_temp_eta], .temp-eta-inline {display: none !important}";
            expect(await contentWidth(page), tab).toBe(await contentWidth(page, without));
        });
    });
}

test("is readable on a dark theme, including the settings", async ({
    octoprint,
    open,
}) => {
    await octoprint.configure({ temp_display: "c", color_mode: "bands" });
    const page = await open();
    await darken(page);
    await assertLooksRight(page, "11-dark-octoprints-tab");
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    await assertLooksRight(page, "12-dark");
    await assertSettingsLookRight(page, "13-dark-settings");
});

test("is in German", async ({ octoprint, open }) => {
    const page = await open({ path: "?l10n=de" });
    // One heater alone has no line for the printer. The chamber needs half an hour: however slow
    // the machine is, it is on its way.
    await octoprint.heat({ chamber: 75 });
    await showOurs(page);
    const { card } = placements(page, "bed");
    await countdown(card);
    await expect(card.row.locator(".temp-eta-name")).toHaveText("Bett");
    await expect(card.status).toHaveText("heizt");
    const ready = page.locator("#sidebar_plugin_temp_eta .temp-eta-printer").first();
    await expect(ready).toHaveText(/Drucker bereit in/);
    await assertLooksRight(page, "14-german");
    await assertSettingsLookRight(
        page,
        "14-german-settings",
        isWhole ? PANES : ["server"],
    );
});

test("works for an anonymous user", async ({ octoprint, open }) => {
    const permissions = ["STATUS", "SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions, subgroups: [] });
    const page = await open({ headers: ELSEWHERE });
    await expect(page.locator("#temperature-table")).toBeHidden();
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    await countdown(placements(page, "bed").sidebar);
    await assertLooksRight(page, "15-guest");
});
