// Other plugins and themes on the same page.
import { fileURLToPath } from "node:url";
import { darken } from "../../scripts/screenshots/themes.mjs";
import {
    closeSettings,
    countdown,
    openSettings,
    placements,
    showOurs,
    withReplaced,
} from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { slowBed } from "./health.mjs";
import { assertLooksRight, forecastPixels, picture } from "./visual_checks.mjs";

const crowd = fileURLToPath(new URL("../crowded_navbar", import.meta.url));

// The heaters are off at first.
test.use({ octoprintOptions: { ...slowBed(), heat: false, plugins: [crowd] } });
test.describe.configure({ mode: "serial" });

const NAVBAR = "#navbar_plugin_temp_eta";

/** The height of a navigation bar of one line, in px. */
const LINE = 41;

const boxOf = (page, selector) => page.locator(selector).first().boundingBox();

/** The height of the navigation bar, and how it would be without our entry. */
async function barHeights(page) {
    const { height } = await boxOf(page, "#navbar");
    const without = await page.evaluate((selector) => {
        const entry = document.querySelector(selector);
        const { display } = entry.style;
        entry.style.display = "none";
        const { offsetHeight } = document.getElementById("navbar");
        entry.style.display = display;
        return offsetHeight;
    }, NAVBAR);
    return { height, without };
}

/** Widens another plugin's entry until the bar has room for this many px of ours. */
const leaveRoom = (page, px) =>
    page.evaluate(
        ([selector, px]) => {
            const ours = document.querySelector(selector);
            const brand = document
                .querySelector("#navbar .brand")
                .getBoundingClientRect();
            const link = document.querySelector(".neighbor a");
            link.style.paddingRight = "";
            const others = [...ours.parentElement.children]
                .filter((it) => it !== ours)
                .map((it) => it.getBoundingClientRect());
            const left = Math.min(...others.map((it) => (it.width ? it.left : Infinity)));
            const normal = Number.parseFloat(getComputedStyle(link).paddingRight);
            link.style.paddingRight = `${normal + left - brand.right - px}px`;
        },
        [NAVBAR, px],
    );

/** The heaters whose countdowns the navigation bar shows, and whether it shows the printer's. */
const shownInNavbar = (page) =>
    page.evaluate((selector) => {
        const parts = [...document.querySelectorAll(`${selector} .temp-eta-time`)];
        const shown = parts.filter((it) => it.getClientRects().length);
        return shown.map((it) => it.parentElement.dataset.heater ?? "printer");
    }, NAVBAR);

test("its navbar entry moves no other entry", async ({ page, octoprint }) => {
    await expect(page.locator(".neighbor")).toHaveCount(5);
    const others = "#navbar .nav > li:not(#navbar_plugin_temp_eta)";
    const positions = () =>
        page
            .locator(others)
            .evaluateAll((all) => all.map((it) => it.getBoundingClientRect().x));
    await expect(page.locator(NAVBAR)).toBeHidden();
    const before = await positions();
    await octoprint.heat({ bed: 105, tool0: 250 });
    for (const heater of ["bed", "tool0"]) {
        await countdown(placements(page, heater).navbar);
    }
    expect(await positions()).toEqual(before);
    await assertLooksRight(page, "16-navbar");
});

test("its navbar entry never makes the bar higher", async ({ page }) => {
    // A busy page may measure again for a moment.
    await expect.poll(() => shownInNavbar(page)).toEqual(["tool0", "bed"]);
    const { width } = await boxOf(page, NAVBAR);
    await leaveRoom(page, width - 10);
    await expect.poll(() => shownInNavbar(page)).toEqual(["printer"]);
    expect(await barHeights(page)).toEqual({ height: LINE, without: LINE });
    await picture(page, "16-navbar-crowded");

    await leaveRoom(page, 10);
    await expect.poll(() => shownInNavbar(page)).toEqual([]);
    expect(await barHeights(page)).toEqual({ height: LINE, without: LINE });

    await leaveRoom(page, width + 10);
    await expect.poll(() => shownInNavbar(page)).toEqual(["tool0", "bed"]);
    expect(await barHeights(page)).toEqual({ height: LINE, without: LINE });
});

test("its progress bars are not those that themes style", async ({ page }) => {
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    const bars = ["#tab_plugin_temp_eta", "#sidebar_plugin_temp_eta"].map(
        (place) => `${place} [data-heater=bed] .temp-eta-progress`,
    );
    const looks = () =>
        page.evaluate(
            (bars) =>
                bars.map((selector) => {
                    const bar = document.querySelector(selector);
                    const { height, width } = bar.getBoundingClientRect();
                    const [groove, fill] = [bar, bar.firstElementChild].map((it) => {
                        const style = getComputedStyle(it);
                        const { margin, backgroundColor, backgroundImage, boxShadow } =
                            style;
                        return { margin, backgroundColor, backgroundImage, boxShadow };
                    });
                    return { height, width, groove, fill };
                }),
            bars,
        );
    const before = await looks();
    expect(before.map(({ height }) => height)).toEqual([6, 6]);
    // Like those of Themeify: three class names, and margins.
    const style = await page.addStyleTag({
        content: `
            .tab-content .tab-pane .progress, .accordion .accordion-inner .progress, .progress {
                height: 2rem; margin: 10px 5px; background: red; box-shadow: 0 0 3px black;
            }
            .tab-content .progress .bar, .accordion .progress .bar, .progress .bar {
                background: red; box-shadow: 0 0 3px black;
            }`,
    });
    expect(await looks()).toEqual(before);
    await style.evaluate((it) => it.remove());
});

test("a click on its navbar entry finds its tab in another plugin's tab", async ({
    open,
}) => {
    const page = await open();
    await countdown(placements(page, "bed").navbar);
    // Like Consolidated Tabs.
    await page.evaluate(() => {
        $(
            "<li id='other_link'><a href='#other' data-toggle='tab'>Other</a></li>",
        ).appendTo("#tabs");
        $("<div class='tab-pane' id='other'><div class='panel'></div></div>").appendTo(
            "#tabs_content",
        );
        $("#tab_plugin_temp_eta").appendTo("#other .panel").removeClass("tab-pane");
        $("#tab_plugin_temp_eta_link").remove();
    });
    const { card } = placements(page, "bed");
    await expect(card.row).toBeHidden();
    await page.locator(`${NAVBAR} a`).click();
    await expect(card.row).toBeVisible();
    await expect(page.locator("#other_link")).toHaveClass("active");
});

test("its setting says that the forecast is not in another plugin's graph", async ({
    page,
    octoprint,
    open,
}) => {
    const note = "#temp_eta_graph_missing";
    await openSettings(page, "appearance");
    await expect(page.locator(note)).toBeHidden();
    await closeSettings(page);
    // Like Plotly Temp Graph and Tempsgraph.
    const replaced = [['id="temperature-graph"', 'id="other-graph"']];
    const other = await open(withReplaced(octoprint, replaced));
    await openSettings(other, "appearance");
    await expect(other.locator(note)).toBeVisible();
    await assertLooksRight(other, "17-graph-replaced");
});

test("its forecast has a light outline in OctoPrint's graph", async ({ open }) => {
    const page = await open();
    await darken(page);
    await countdown(placements(page, "bed").inline);
    const light = () => forecastPixels(page, "light");
    await expect.poll(light, { message: "light pixels" }).toBeGreaterThan(20);
    await picture(page, "17-dark-forecast");
});

test("its panel and its tab have different names", async ({ open }) => {
    for (const language of ["en", "de"]) {
        const page = await open({ path: `?l10n=${language}` });
        const names = await Promise.all(
            [
                "#sidebar_plugin_temp_eta_wrapper .accordion-toggle",
                "#tab_plugin_temp_eta_link a",
            ].map(async (it) => (await page.locator(it).first().textContent()).trim()),
        );
        expect(new Set(names).size, names.join()).toBe(2);
    }
});
