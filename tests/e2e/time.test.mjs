// Clocks that are wrong, are set or stand still: right at the first message after.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import {
    assertSame,
    countdown,
    openBrowser,
    openPage,
    placements,
    shown,
    until,
} from "./browser.mjs";
import { assertComplaints, assertOctoPrintWorks, OFFLINE } from "./health.mjs";
import { picture } from "./looks.mjs";
import { rewriteMessages } from "./messages.mjs";
import { startProxy } from "./proxy.mjs";

const HOUR = 3600;

/** In s; longer than a countdown runs on without a message. */
const SLEEP = 30;

/** In s; until what is measured anew has a whole minute of readings, and has settled. */
const ANEW = 90;

/**
 * Clocks of the page that can be set: `window.shift` is by how many s, of `Date`, of
 * `performance.now` and of the server's messages; `window.upcoming` is what it becomes with the
 * next history.
 */
async function shiftClocks(page, shift = {}) {
    await rewriteMessages(page);
    await page.addInitScript((start) => {
        const shift = { date: 0, elapsed: 0, server: 0, ...start };
        window.shift = shift;
        const real = { Date, now: performance.now.bind(performance) };
        const now = () => real.Date.now() + 1000 * shift.date;
        window.Date = class extends real.Date {
            constructor(...args) {
                super(...(args.length ? args : [now()]));
            }
            static now() {
                return now();
            }
        };
        performance.now = () => real.now() + 1000 * shift.elapsed;
        const { setInterval } = window;
        // The longest time for which nothing has run in here, in ms.
        window.longest = 0;
        let last = real.now();
        setInterval(() => {
            const now = real.now();
            window.longest = Math.max(window.longest, now - last);
            last = now;
        }, 200);
        window.setInterval = (action, ms) =>
            setInterval(() => window.behind || action(), ms);
        Object.defineProperty(document, "hidden", { get: () => Boolean(window.behind) });
        window.rewrite = (message) => {
            if (message.history) Object.assign(shift, window.upcoming);
            const part = message.history ?? message.current;
            if (part && shift.server) {
                part.serverTime += shift.server;
                for (const row of part.temps) row.time += shift.server;
                for (const mark of part.markings ?? []) mark.time += shift.server;
            }
            return message;
        };
    }, shift);
}

const setClocks = (page, shift) =>
    page.evaluate((it) => void Object.assign(window.shift, it), shift);

/** Has `performance.now` stand still for so many s from now on, as in a laptop that sleeps. */
const standStill = (page, lasts) =>
    page.evaluate((ms) => {
        const now = performance.now.bind(performance);
        const from = now();
        performance.now = () => Math.min(now(), Math.max(from, now() - ms));
    }, 1000 * lasts);

/** As a tab is hidden for long: it gets its messages, but its timers stand still, nearly. */
const hide = (page, hidden) =>
    page.evaluate((it) => {
        window.behind = it;
        document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);

/** Stops all processes of a browser; returns what has them go on. */
async function stop(browser) {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const all = (signal) => {
        for (const { id } of processInfo) {
            try {
                process.kill(id, signal);
            } catch (error) {
                // It has ended in the meantime.
                if (error.code !== "ESRCH") throw error;
            }
        }
    };
    all("SIGSTOP");
    return () => {
        all("SIGCONT");
        return session.detach();
    };
}

/** Ends of the axis of our graph, in s from the page's own now. */
const axis = (page) =>
    page.evaluate(() => {
        const plot = window.$("#temp_eta_graph").data("plot");
        if (!plot) return null;
        const { min, max } = plot.getXAxes()[0];
        const newest = Math.max(...plot.getData().map(({ data }) => data.at(-1)[0]));
        return [min, newest, max].map((ms) => (ms - Date.now()) / 1000);
    });

describe("the countdown in spite of its clocks", { timeout: 900_000 }, () => {
    let octoprint;
    let browser;
    let sleeper;
    let undisturbed;
    let other;

    before(async () => {
        const basedir = join(cache, "e2e-time");
        // A heat-up that lasts longer than all of this.
        const slow = { heat: { bed: 115 }, timeScale: 0.5 };
        octoprint = await startOctoPrint({ basedir, ...slow });
        await octoprint.api("settings", { plugins: { temp_eta: { min_rate: 0.01 } } });
        browser = await openBrowser();
        sleeper = await openBrowser();
        undisturbed = await openPage(browser, octoprint.url);
        other = placements(undisturbed, "bed").sidebar;
        // Beyond the first minute all pages say the same, whenever they were opened.
        await countdown(other);
        await sleep(50_000);
    });

    after(async () => {
        await sleeper?.close();
        await browser?.close();
        await octoprint?.stop();
    });

    const bed = (page) => placements(page, "bed").sidebar;
    const ours = (page) => page.locator("#tab_plugin_temp_eta_link a").first().click();
    const fine = async (page, name, expected) => {
        await picture(page, `time-${name}`);
        await assertOctoPrintWorks(page, octoprint);
        assertComplaints(page, 0, expected);
    };

    /**
     * Fails if there is a wrong time within so many s; returns what has been said in place of
     * one.
     */
    async function blanks(page, lasts) {
        const end = Date.now() + 1000 * lasts;
        const words = new Set();
        while (Date.now() < end) {
            const [one, two] = await Promise.all([shown(bed(page)), shown(other)]);
            if (one === null) words.add(await bed(page).status.textContent());
            else {
                // What is measured anew is rough at first, as stamps are whole seconds and a
                // busy machine reports unevenly; what goes on is not.
                const apart = 2 + (words.size ? 0.25 : 0.02) * two;
                assert.ok(Math.abs(one - two) < apart, `${one} and ${two} s`);
            }
            await sleep(200);
        }
        return [...words];
    }

    for (const hours of [5, -9]) {
        it(`is the same in a browser whose clock is ${hours} h off`, async () => {
            const prepare = (page) => shiftClocks(page, { date: hours * HOUR });
            const page = await openPage(browser, octoprint.url, { prepare });
            const off = await page.evaluate(() => Date.now());
            assert.ok(Math.abs(off - Date.now() - hours * HOUR * 1000) < 60_000);
            await assertSame(bed(page), other, { patience: 30 });
            // By the clock on the wall of whoever looks at it.
            await ours(page);
            await until("finish", () =>
                page.evaluate(() => {
                    const row = window.$("#tab_plugin_temp_eta [data-heater=bed]");
                    const [minutes, seconds] = row
                        .find(".temp-eta-time")
                        .text()
                        .split(":");
                    const left = 60 * Number(minutes) + Number(seconds);
                    const shown = row.find(".temp-eta-finish").text().trim();
                    const at = (s) =>
                        window.moment(Date.now() + 1000 * s).format("HH:mm");
                    return [-2, 0, 2].some((s) => at(left + s) === shown);
                }),
            );
            await until("graph", async () => {
                const ends = await axis(page);
                if (!ends) return false;
                const [min, newest, max] = ends;
                return min < -100 && newest > -10 && newest <= 1 && max > 60;
            });
            await fine(page, `browser-${hours}`);
            await page.close();
        });
    }

    for (const hours of [1, -1]) {
        it(`begins anew when the server's clock is set by ${hours} h, and never lies`, async () => {
            const page = await openPage(browser, octoprint.url, { prepare: shiftClocks });
            await countdown(bed(page));
            await assertSame(bed(page), other, { patience: 20 });
            await ours(page);
            await setClocks(page, { server: hours * HOUR });
            assert.ok((await blanks(page, 25)).includes("measuring…"), "noticed");
            await assertSame(bed(page), other, { patience: ANEW });
            await fine(page, `server-${hours}`);
            await page.close();
        });
    }

    const behindProxy = async (action) => {
        const proxy = await startProxy(octoprint.url, "/octo/");
        const context = await sleeper.newContext();
        try {
            const page = await openPage(context, proxy.url, { prepare: shiftClocks });
            await assertSame(bed(page), other, { patience: 30 });
            await action(page, proxy);
        } finally {
            await context.close();
            await proxy.stop();
        }
    };

    /** Fails unless nothing has run in the page for as long as it slept. */
    async function assertStood(page) {
        const longest = await page.evaluate(() => window.longest);
        assert.ok(longest > 900 * SLEEP, `nothing ran for ${longest} ms`);
    }

    for (const [what, elapsed] of [
        ["stood still", 0],
        ["went on", HOUR],
    ]) {
        it(`is right with the first message after an hour of sleep in which the page's clock ${what}`, () =>
            behindProxy(async (page, proxy) => {
                // The same heat-up, an hour later than when the page went to sleep.
                await page.evaluate(
                    (it) => {
                        window.upcoming = it;
                    },
                    { date: HOUR, server: HOUR, elapsed },
                );
                const wake = await stop(sleeper);
                try {
                    proxy.cut();
                    await sleep(5000);
                } finally {
                    await wake();
                }
                await until("reconnect", () => page.evaluate(() => window.histories > 1));
                await assertSame(bed(page), other, { patience: 5 });
                await fine(page, `sleep-${elapsed}`, OFFLINE);
            }));
    }

    // The messages that have waited bring the clock forward, half a second at a time.
    for (const stands of [true, false]) {
        const what = stands ? "stood still" : "went on";
        it(`never lies after a sleep that the connection survives, in which the page's clock ${what}`, () =>
            behindProxy(async (page) => {
                if (stands) await standStill(page, SLEEP);
                const wake = await stop(sleeper);
                try {
                    await sleep(1000 * SLEEP);
                } finally {
                    await wake();
                }
                // What has come in the meantime is worked off.
                await sleep(1500);
                const words = await blanks(page, 10);
                // Only if they are further apart than a clock that goes on lets them be.
                assert.ok(
                    words.every((it) => it === "measuring…"),
                    words.join(", "),
                );
                await assertStood(page);
                await assertSame(bed(page), other, { patience: ANEW });
                assert.equal(await page.evaluate(() => window.histories), 1);
                await fine(page, `nap-${stands}`);
            }));
    }

    it("is right at once in a tab that comes to the front and whose timers stood still", () =>
        behindProxy(async (page) => {
            await hide(page, true);
            await until("still timers", async () => {
                const before = await shown(bed(page));
                await sleep(2000);
                return (await shown(bed(page))) === before;
            });
            const stale = await shown(bed(page));
            await sleep(20_000);
            assert.equal(await shown(bed(page)), stale);
            // No tick is to be waited for.
            await hide(page, false);
            await assertSame(bed(page), other);
            await fine(page, "hidden");
        }));
});
