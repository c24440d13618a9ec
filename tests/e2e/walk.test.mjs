// A walk through everything a person sees, from the first target to the cooled-down printer;
// each step leaves a picture in .cache/screenshots.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { darken, narrow } from "../../scripts/screenshots/themes.mjs";
import {
    countdown,
    openBrowser,
    openPage,
    openSettings,
    PANES,
    placements,
    seconds,
    showPane,
    until,
} from "./browser.mjs";
import { assertAccessible, assertNothingCut, listen, picture } from "./looks.mjs";

const ALERTS = {
    sound_enabled: true,
    sound_target_reached: true,
    sound_cooldown_finished: true,
    notification_enabled: true,
    notification_target_reached: true,
    notification_cooldown_finished: true,
    notification_timeout_s: 3,
};

describe("a walk through the page", () => {
    let octoprint;
    let browser;
    let context;
    let page;
    let second;

    before(async () => {
        octoprint = await startOctoPrint({
            basedir: join(cache, "e2e-walk"),
            timeScale: 4,
            config: { plugins: { virtual_printer: { numExtruders: 3 } } },
        });
        await octoprint.api("settings", { plugins: { temp_eta: ALERTS } });
        browser = await openBrowser();
        context = await browser.newContext();
        page = await openPage(context, octoprint.url, { prepare: listen });
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    afterEach(() => assert.deepEqual(page.faults, []));

    const heat = (targets) =>
        octoprint.api("printer/tool", { command: "target", targets });
    const heatBed = (target) =>
        octoprint.api("printer/bed", { command: "target", target });
    const save = (changes) =>
        octoprint.api("settings", { plugins: { temp_eta: changes } });
    // A bed that is under way for a minute at least, up and down in turn.
    let up = false;
    const moveBed = () => {
        up = !up;
        return heatBed(up ? 115 : 0);
    };
    const showTab = (where, name) => where.locator(`#${name}_link a`).first().click();
    const showOurs = (where) => showTab(where, "tab_plugin_temp_eta");
    const phase = (where, heater, wanted, timeoutMs) =>
        until(
            wanted,
            async () => {
                const { row } = placements(where, heater).sidebar;
                const phases = await row.evaluateAll((rows) =>
                    rows.map(({ dataset }) => dataset.phase),
                );
                return phases[0] === wanted;
            },
            timeoutMs,
        );
    const heard = (where) =>
        where.evaluate(() => ({ tones: window.heard, toasts: window.toasts }));
    const looked = async (name, where = page) => {
        await picture(where, name);
        await assertAccessible(where);
        await assertNothingCut(where);
    };
    /** Every pane of the settings, with all that can be shown. */
    const lookedAtSettings = async (name, where) => {
        await openSettings(where, "general");
        await where.locator("#settings_dialog.in").waitFor();
        for (const pane of PANES) {
            await showPane(where, pane);
            for (const key of ["sound_enabled", "notification_enabled", "mqtt_enabled"]) {
                const field = where.locator(`#temp_eta_pane_${pane} #temp_eta_${key}`);
                if (await field.count()) await field.check();
            }
            await sleep(500);
            await looked(`${name}-${pane}`, where);
        }
        await where.locator("[data-test-id=settings-close-button]").click();
    };
    const text = (where, selector) => where.locator(selector).first().textContent();

    it("begins with a printer at rest", async () => {
        await page.locator("#sidebar_plugin_temp_eta .temp-eta-quiet").waitFor();
        assert.ok(await page.locator("#navbar_plugin_temp_eta").isHidden());
        await showOurs(page);
        const { card } = placements(page, "bed");
        assert.equal(await card.status.textContent(), "off");
        assert.match(await card.temps.textContent(), /^2\d(\.\d)?\u00a0°C$/);
        await looked("1-at-rest");
    });

    it("says that sound is blocked, until somebody clicks", async () => {
        // What browsers do to a page that nobody has touched: a driven one is never blocked.
        const prepare = (fresh) =>
            fresh.addInitScript(() => {
                window.AudioContext = class extends AudioContext {
                    constructor() {
                        super();
                        this.suspend();
                    }
                };
            });
        const touched = false;
        const fresh = await openPage(browser, octoprint.url, { prepare, touched });
        const note = fresh.locator("#sidebar_plugin_temp_eta .temp-eta-silenced");
        await note.waitFor();
        await picture(fresh, "1-blocked");
        await note.getByRole("button").click();
        await note.waitFor({ state: "detached" });
        await fresh.close();
    });

    it("counts tool and bed down, in every place", async () => {
        await heat({ tool0: 240 });
        await heatBed(100);
        for (const heater of ["tool0", "bed"]) {
            const { sidebar, card, navbar } = placements(page, heater);
            await countdown(card);
            const all = await Promise.all([card, sidebar, navbar].map(countdown));
            assert.ok(Math.max(...all) - Math.min(...all) <= 1, all.join(", "));
            const finish = (
                await card.row.locator(".temp-eta-finish").textContent()
            ).trim();
            assert.match(finish, /^\d\d:\d\d$/);
            await until("rate", async () =>
                /^\d+\.\d\u00a0°C\/min$/.test(
                    await card.row.locator(".temp-eta-rate").textContent(),
                ),
            );
        }
        const ready = "#sidebar_plugin_temp_eta .temp-eta-printer";
        assert.match(
            await text(page, ready),
            /Printer ready in\s+\d+:\d\d\s+\(\d\d:\d\d\)/,
        );
        const bar = await page.locator("#navbar").boundingBox();
        assert.ok(bar.height <= 41, `the bar is ${bar.height} px high`);
        await looked("2-heating");
    });

    it("draws history and forecast, and reads them at the pointer", async () => {
        await until("graph", () => page.locator("#temp_eta_graph canvas").count());
        const graph = page.locator("#temp_eta_graph");
        const value = () =>
            text(page, ".temp-eta-readout [data-heater=bed] .temp-eta-value");
        const cursor = () => text(page, ".temp-eta-cursor");
        // Where the newest reading is: there is a line to be read.
        const { x, y } = await page.evaluate(() => {
            const plot = $("#temp_eta_graph").data("plot");
            const [time, celsius] = plot.getData()[3].data.at(-2);
            const { left, top } = plot.pointOffset({ x: time, y: celsius });
            return { x: left, y: top };
        });
        await graph.hover({ position: { x, y } });
        await until("read-out", async () => /^\d\d:\d\d:\d\d$/.test(await cursor()));
        assert.match(await value(), /^\d+\.\d\u00a0°C$/);
        const there = await cursor();
        await graph.press("ArrowLeft");
        await until("moved cursor", async () => (await cursor()) !== there);
        await picture(page, "3-pointer");
        await graph.blur();
        await page.mouse.move(5, 5);
        await until("no cursor", async () => (await cursor()) === "");

        // What is drawn to the right of now can only be the forecast.
        const ahead = () =>
            page.evaluate(() => {
                const plot = $("#temperature-graph:visible").length
                    ? window.OctoPrint.coreui.viewmodels.temperatureViewModel.plot
                    : $("#temp_eta_graph").data("plot");
                const canvas = plot.getCanvas();
                const scale = canvas.width / plot.getPlaceholder().width();
                const { left, top } = plot.getPlotOffset();
                const now = plot.getXAxes()[0].p2c(Date.now()) + left + 3;
                const width = left + plot.width() - now - 3;
                if (width < 5) return 0;
                const { data } = canvas
                    .getContext("2d")
                    .getImageData(
                        now * scale,
                        (top + 3) * scale,
                        width * scale,
                        (plot.height() - 6) * scale,
                    );
                let coloured = 0;
                for (let i = 0; i < data.length; i += 4) {
                    const [red, green, blue, alpha] = data.slice(i, i + 4);
                    const spread =
                        Math.max(red, green, blue) - Math.min(red, green, blue);
                    if (alpha > 200 && spread > 90) coloured++;
                }
                return coloured;
            });
        for (const tab of ["tab_plugin_temp_eta", "temp"]) {
            await showTab(page, tab);
            await until(`forecast in ${tab}`, async () => (await ahead()) > 5);
            if (tab === "temp") await looked("4-octoprints-tab");
            await save({ show_forecast: false });
            await until(`no forecast in ${tab}`, async () => (await ahead()) === 0);
            await save({ show_forecast: true });
            await until(`forecast back in ${tab}`, async () => (await ahead()) > 5);
        }
        await showOurs(page);
    });

    it("shows a browser that is opened late the same", async () => {
        const late = await openPage(browser, octoprint.url);
        await showOurs(late);
        await countdown(placements(late, "bed").card);
        await sleep(2500);
        for (const heater of ["tool0", "bed"]) {
            const read = async (where) => {
                const { time, progress } = placements(where, heater).card;
                const percent = await progress.getAttribute("aria-valuenow");
                return [seconds(await time.textContent()), Number(percent)];
            };
            // Each page ticks on its own: a report may have been shown by one of them only.
            await until(
                `same time and progress for ${heater}`,
                async () => {
                    const [mine, its] = await Promise.all([page, late].map(read));
                    return (
                        mine[0] !== null &&
                        Math.abs(mine[0] - its[0]) <= 1 &&
                        Math.abs(mine[1] - its[1]) <= 2
                    );
                },
                3000,
            );
        }
        const lines = (where) =>
            where.evaluate(() =>
                $("#temp_eta_graph")
                    .data("plot")
                    .getData()
                    .map(({ data }) => data.filter(Boolean)),
            );
        const [mine, its] = await Promise.all([lines(page), lines(late)]);
        assert.equal(mine.length, its.length);
        for (const [i, line] of mine.entries()) {
            assert.ok(line.length > 5 && Math.abs(line.length - its[i].length) <= 3);
            // The newest report may have been drawn by one of them only.
            const settled = line.filter(([time]) => Math.abs(time - Date.now()) > 4000);
            for (const [time, celsius] of settled) {
                const near = its[i].filter(([other]) => Math.abs(other - time) < 1500);
                const apart = near.map(([, other]) => Math.abs(other - celsius));
                assert.ok(near.length && Math.min(...apart) < 15, `${time}: ${celsius}`);
            }
        }
        await picture(late, "4-late");
        await late.close();
    });

    it("survives a reload in the middle", async () => {
        const prepare = listen;
        second = await openPage(context, octoprint.url, { prepare });
        const before = await countdown(placements(second, "bed").inline);
        const begun = performance.now();
        await second.reload();
        await second.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
        await showOurs(second);
        const reloaded = await countdown(placements(second, "bed").card);
        // A countdown that begins anew has none of the easing of the one before.
        const passed = before - reloaded;
        const elapsed = (performance.now() - begun) / 1000;
        assert.ok(passed >= -2 && passed < elapsed + 15, `${before}, ${reloaded}`);
    });

    it("counts to 0:00 and then holds, with one alert of each kind in one page", async () => {
        const { time } = placements(page, "tool0").card;
        let last = Number.POSITIVE_INFINITY;
        await until(
            "arrival",
            async () => {
                const shown = seconds((await time.allTextContents())[0] ?? "");
                last = shown ?? last;
                return shown === null && last < 10;
            },
            60_000,
        );
        assert.ok(last <= 1, `from ${last} s to nothing`);
        await phase(page, "tool0", "at_target");
        const { status, progress } = placements(page, "tool0").card;
        assert.equal(await status.textContent(), "holds 240\u00a0°C");
        assert.equal(await progress.count(), 0);
        await phase(page, "bed", "at_target", 90_000);
        await sleep(600);
        await looked("5-holding");
        const [mine, other] = [await heard(page), await heard(second)];
        const reached = ["Tool has reached 240\u00a0°C.", "Bed has reached 100\u00a0°C."];
        assert.deepEqual([mine.toasts, other.toasts], [reached, reached]);
        // Two arrivals, a melody of three tones each.
        assert.equal(mine.tones + other.tones, 6);
    });

    it("cools to a lower target, and says nothing before it is there", async () => {
        await heat({ tool0: 180 });
        await phase(page, "tool0", "cooling");
        const { card } = placements(page, "tool0");
        await countdown(card);
        assert.equal(await card.status.textContent(), "cooling to 180\u00a0°C");
        assert.equal((await heard(page)).toasts.length, 2);
        await picture(page, "6-lowered");
        await phase(page, "tool0", "at_target", 60_000);
        await sleep(300);
        assert.equal((await heard(page)).toasts[2], "Tool has reached 180\u00a0°C.");
    });

    it("cools down when switched off, and tells neither a reload nor a new heat-up", async () => {
        await heat({ tool0: 0 });
        await heatBed(0);
        await phase(page, "bed", "cooling");
        const { card } = placements(page, "bed");
        await until("words", async () =>
            /^cooling to 40\u00a0°C$/.test(await card.status.textContent()),
        );
        await until("printer", async () =>
            /All cooled down in/.test(
                await page.locator("#tab_plugin_temp_eta").textContent(),
            ),
        );
        await looked("7-cooling");
        await heatBed(110);
        await phase(page, "bed", "heating");
        await heatBed(0);
        await phase(page, "bed", "cooling");
        await second.reload();
        await phase(page, "tool0", "cooled_down", 120_000);
        await sleep(600);
        assert.equal((await heard(page)).toasts.length, 4);
        assert.match((await heard(page)).toasts[3], /^Tool has cooled down to (4|5)\d/);
        await second.close();
    });

    it("follows a profile with three tools and a chamber, changed elsewhere", async () => {
        await octoprint.useTools(3);
        await heat({ tool0: 200, tool1: 210, tool2: 220 });
        await heatBed(60);
        await octoprint.api("printer/chamber", { command: "target", target: 45 });
        for (const heater of ["tool0", "tool1", "tool2", "bed", "chamber"]) {
            await until(heater, async () => {
                const { inline, sidebar, card } = placements(page, heater);
                const counts = await Promise.all(
                    [inline, sidebar, card].map(({ row }) => row.count()),
                );
                return counts.every((count) => count === 1);
            });
        }
        await countdown(placements(page, "tool2").navbar);
        await sleep(6000);
        await looked("8-five-heaters");
        const bar = await page.locator("#navbar").boundingBox();
        assert.ok(bar.height <= 41, `the bar is ${bar.height} px high`);
    });

    it("has both units everywhere", async () => {
        await save({ temp_display: "cf", algorithm: "adaptive", color_mode: "status" });
        const { card } = placements(page, "chamber");
        await until("°F", async () =>
            /→ 45\u00a0°C \(.+ → 113\u00a0°F\)$/.test(await card.temps.textContent()),
        );
        await until("axis", async () =>
            /°F/.test(await page.locator("#temp_eta_graph").textContent()),
        );
        const bar = page.locator("#tab_plugin_temp_eta [data-heater=chamber] .bar");
        const style = await bar.evaluate((element) => {
            const { backgroundColor, backgroundImage } = getComputedStyle(element);
            return [backgroundColor, backgroundImage];
        });
        assert.deepEqual(style, ["rgb(92, 184, 92)", "none"]);
        await looked("9-fahrenheit");
    });

    it("fits a tablet and a phone", async () => {
        await moveBed();
        for (const width of [768, 360]) {
            const small = await openPage(browser, octoprint.url);
            await showOurs(small);
            await narrow(small, width);
            await countdown(placements(small, "bed").sidebar);
            await sleep(1000);
            await looked(`10-${width}-px`, small);
            const height = async () =>
                (await small.locator("#navbar").boundingBox()).height;
            const heating = await height();
            await small.addStyleTag({
                content: "#navbar_plugin_temp_eta {display: none !important}",
            });
            assert.equal(heating, await height(), "the bar has grown");
            const { scrollWidth } = await small.evaluate(() => ({
                scrollWidth: document.documentElement.scrollWidth,
            }));
            assert.ok(scrollWidth <= width, `${scrollWidth} px at ${width}`);
            await small.close();
        }
        await save({ temp_display: "c", color_mode: "bands" });
    });

    it("can be read on a dark theme, settings too", async () => {
        await moveBed();
        const dark = await openPage(browser, octoprint.url);
        await darken(dark);
        await looked("11-dark-octoprints-tab", dark);
        await showOurs(dark);
        await sleep(1000);
        await looked("12-dark", dark);
        await lookedAtSettings("13-dark-settings", dark);
        await dark.close();
    });

    it("speaks German", async () => {
        await moveBed();
        const german = await openPage(browser, `${octoprint.url}?l10n=de`);
        await showOurs(german);
        const { card } = placements(german, "bed");
        await countdown(card);
        assert.equal(await card.row.locator(".temp-eta-name").textContent(), "Bett");
        assert.match(
            await text(german, "#sidebar_plugin_temp_eta .temp-eta-printer"),
            /Drucker bereit in/,
        );
        await looked("14-german", german);
        await lookedAtSettings("14-german-settings", german);
        await german.close();
    });

    it("shows a guest what a guest may see", async () => {
        await moveBed();
        const permissions = ["STATUS", "SETTINGS_READ"];
        await octoprint.put("access/groups/guests", { permissions, subgroups: [] });
        // From outside of the network nobody is logged in by himself.
        const context = await browser.newContext({
            extraHTTPHeaders: { "X-Forwarded-For": "203.0.113.7" },
            viewport: { width: 1280, height: 1400 },
        });
        const guest = await openPage(context, octoprint.url);
        assert.ok(await guest.locator("#temperature-table").isHidden());
        await showOurs(guest);
        await countdown(placements(guest, "bed").card);
        await countdown(placements(guest, "bed").sidebar);
        await looked("15-guest", guest);
        assert.deepEqual(guest.faults, []);
        await context.close();
    });
});
