// Clocks that are wrong, are set or stand still: countdowns are right after the next message.
import { chromium } from "@playwright/test";
import { countdown, openPage, placements, seconds, shown, showOurs } from "./browser.mjs";
import { VirtualTime } from "./clocks.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { assertConsole, assertOctoPrintWorks, OFFLINE } from "./health.mjs";
import { startProxy } from "./proxy.mjs";
import { picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: { settings: { min_rate: 0.01 } } });

const HOUR = 3600;

/** In s; longer than a countdown continues without a message. */
const SLEEP_TIME = 30;

/** In s; after that, a new measurement has a full minute of readings and is stable. */
const SETTLING_TIME = 90;

let time;
let undisturbed;
let other;

test.beforeEach(async ({ open }) => {
    time = new VirtualTime();
    undisturbed = await open({ prepare: time.prepare() });
    other = placements(undisturbed, "bed").sidebar;
    await countdown(other);
});

const bed = (page) => placements(page, "bed").sidebar;
const pass = (page, seconds) => time.pass(seconds, [page, undisturbed]);
const both = (page) => Promise.all([shown(bed(page)), shown(other)]);

/** Fails unless both pages agree for five seconds in a row, starting within `within` s. */
async function expectSame(page, within = 0) {
    const seen = [];
    for (let agreed = 0, passed = 0; agreed < 5; passed++) {
        if (passed) await pass(page, 1);
        const [one, two] = await both(page);
        seen.push([one, two]);
        const known = one !== null && two !== null;
        agreed = known && Math.abs(one - two) <= 2 + 0.01 * two ? agreed + 1 : 0;
        const message = `the same within ${within} s: ${seen.join(" ")}`;
        expect(agreed > 0 || passed < within, message).toBe(true);
    }
}

/** The texts of the countdown and of the status, read at the same moment. */
const texts = (page) =>
    bed(page).row.evaluate((row) =>
        ["time", "status"].map((it) => row.querySelector(`.temp-eta-${it}`).textContent),
    );

/** Fails if a countdown is wrong within `duration` s; returns the statuses shown instead. */
async function statusesInstead(page, duration) {
    const statuses = new Set();
    for (let passed = 0; passed < duration; passed += 0.5) {
        const [[time, status], two] = await Promise.all([texts(page), shown(other)]);
        const one = seconds(time);
        if (one === null) statuses.add(status);
        // A new measurement is inaccurate at first, as timestamps are whole seconds.
        else {
            const apart = 2 + (statuses.size ? 0.25 : 0.02) * two;
            expect(Math.abs(one - two), `${one} and ${two} s`).toBeLessThan(apart);
        }
        await pass(page, 0.5);
    }
    return [...statuses];
}

const assertFine = async (page, name) => {
    await picture(page, `time-${name}`);
    await assertOctoPrintWorks(page);
    assertConsole(page, 0);
};

for (const [hours, details] of [
    [5, ONLY_IN_ALL],
    [-9, {}],
]) {
    const title = `is the same in a browser whose clock is ${hours} h off`;
    test(title, details, async ({ open }) => {
        const page = await open({ prepare: time.prepare({ date: hours * HOUR }) });
        const now = (page) => page.evaluate(() => Date.now() / 1000);
        const off = (await now(page)) - (await now(undisturbed));
        expect(Math.round(off / HOUR)).toBe(hours);
        await expectSame(page, 30);
        // The finish time is in the browser's time.
        await showOurs(page);
        const finish = () =>
            page.evaluate(() => {
                const row = window.$("#tab_plugin_temp_eta [data-heater=bed]");
                const [minutes, seconds] = row.find(".temp-eta-time").text().split(":");
                const left = 60 * Number(minutes) + Number(seconds);
                const shown = row.find(".temp-eta-finish").text().trim();
                const at = (s) => window.moment(Date.now() + 1000 * s).format("HH:mm");
                const right = [-2, 0, 2].some((s) => at(left + s) === shown);
                return right || `${shown} in ${left} s, at ${at(0)}`;
            });
        await expect.poll(finish).toBe(true);
        // In s from the page's present.
        const fits = () =>
            page.evaluate(() => {
                const plot = window.$("#temp_eta_graph").data("plot");
                if (!plot) return "not drawn";
                const { min, max } = plot.getXAxes()[0];
                const times = plot.getData().map(({ data }) => data.at(-1)[0]);
                const ms = [min, Math.max(...times), max].map((it) => it - Date.now());
                const [first, newest, last] = ms.map((it) => it / 1000);
                const isNow = newest > -10 && newest <= 1;
                return (first < -100 && isNow && last > 60) || [first, newest, last];
            });
        await expect.poll(fits, { message: "graph" }).toBe(true);
        await assertFine(page, `browser-${hours}`);
    });
}

for (const [hours, details] of [
    [1, ONLY_IN_ALL],
    [-1, {}],
]) {
    const title = `measures again when the server's clock is set by ${hours} h, and is never wrong`;
    test(title, details, async ({ open }) => {
        const page = await open({ prepare: time.prepare() });
        await countdown(bed(page));
        await expectSame(page, 20);
        await showOurs(page);
        await page.evaluate((it) => {
            window.clocks.server = it;
        }, hours * HOUR);
        expect(await statusesInstead(page, 25), "noticed").toContain("measuring…");
        await expectSame(page, SETTLING_TIME);
        await assertFine(page, `server-${hours}`);
    });
}

/** Runs `action` with a separate browser, which can be stopped like a sleeping laptop. */
async function withSleeper(octoprint, action) {
    const proxy = await startProxy(octoprint.url);
    const sleeper = await chromium.launch();
    const options = { url: proxy.url, prepare: time.prepare(), expected: OFFLINE };
    try {
        const page = await openPage(sleeper, octoprint, options);
        await expectSame(page, 30);
        await action(page, sleeper, proxy);
    } finally {
        await sleeper.close();
        await proxy.stop();
    }
}

/** Stops all processes of a browser during `action`. */
async function stopped(browser, action) {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const all = (signal) => {
        for (const { id } of processInfo) {
            try {
                process.kill(id, signal);
            } catch (error) {
                // The process has ended in the meantime.
                if (error.code !== "ESRCH") throw error;
            }
        }
    };
    all("SIGSTOP");
    try {
        await action();
    } finally {
        all("SIGCONT");
    }
    await session.detach();
}

for (const [what, elapsed, details] of [
    ["stands still", 0, ONLY_IN_ALL],
    ["continues", HOUR, {}],
]) {
    const title = `is right with the first message after an hour of sleep, if the page's clock ${what}`;
    test(title, details, ({ octoprint }) =>
        withSleeper(octoprint, async (page, sleeper, proxy) => {
            // The same heat-up, an hour later.
            await page.evaluate(
                (it) => {
                    window.upcoming = it;
                },
                { date: HOUR, server: HOUR, elapsed },
            );
            await stopped(sleeper, () => proxy.cut());
            await expect.poll(() => page.evaluate(() => window.histories)).toBe(2);
            await expectSame(page, 5);
            await assertFine(page, `sleep-${elapsed}`);
        }),
    );
}

/** Makes `performance.now` stand still for `duration` s, as in a sleeping laptop. */
const standStill = (page, duration) =>
    page.evaluate((ms) => {
        const now = performance.now.bind(performance);
        const from = now();
        performance.now = () => Math.min(now(), Math.max(from, now() - ms));
    }, 1000 * duration);

const newest = (page) => page.evaluate(() => window.newest());

// The delayed messages advance the clock, half a second at a time.
for (const stands of [true, false]) {
    const what = stands ? "stands still" : "continues";
    const title = `is never wrong after a sleep that the connection survives, if the page's clock ${what}`;
    const rightAfter = async (page, name) => {
        await pass(page, 1);
        // Only a clock that stood still differs by more than is possible without a sleep.
        const instead = stands ? ["measuring…"] : [];
        for (const status of await statusesInstead(page, 10))
            expect(instead).toContain(status);
        await expectSame(page, SETTLING_TIME);
        expect(await page.evaluate(() => window.histories)).toBe(1);
        await assertFine(page, `${name}-${stands}`);
    };

    test(title, stands ? {} : ONLY_IN_ALL, async ({ open }) => {
        const page = await open({ prepare: time.prepare() });
        await expectSame(page, 30);
        await time.sleep(SLEEP_TIME, page, stands, [undisturbed]);
        await rightAfter(page, "nap");
    });

    test(`${title}, of a real browser`, ONLY_IN_ALL, ({ octoprint }) =>
        withSleeper(octoprint, async (page, sleeper) => {
            if (stands) await standStill(page, SLEEP_TIME);
            const start = await newest(undisturbed);
            const slept = async () => (await newest(undisturbed)) - start;
            await stopped(sleeper, () =>
                expect.poll(slept).toBeGreaterThanOrEqual(SLEEP_TIME),
            );
            // Waits until the delayed messages have been handled.
            const now = await newest(undisturbed);
            await expect.poll(() => newest(page)).toBeGreaterThanOrEqual(now);
            const longest = await page.evaluate(() => window.longest);
            expect(longest, "ms in which nothing ran").toBeGreaterThan(900 * SLEEP_TIME);
            await rightAfter(page, "real-nap");
        }),
    );
}

test("is right at once in a background tab that is shown again", async ({ open }) => {
    const page = await open({ prepare: time.prepare() });
    await expectSame(page, 30);
    /** Like a background tab: it gets messages, but its timers stand still. */
    const hide = (hidden) =>
        page.evaluate((it) => {
            window.behind = it;
            document.dispatchEvent(new Event("visibilitychange"));
        }, hidden);
    await hide(true);
    const stale = await shown(bed(page));
    await pass(page, 22);
    const [one, two] = await both(page);
    expect(one).toBe(stale);
    expect(one - two, "s behind").toBeGreaterThan(10);
    // Without waiting for a tick.
    await hide(false);
    await expectSame(page);
    await assertFine(page, "hidden");
});
