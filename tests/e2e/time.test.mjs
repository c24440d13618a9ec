// Clocks that are wrong, are set or stand still: right at the first message after.
import { chromium } from "@playwright/test";
import { countdown, openPage, placements, shown, showOurs } from "./browser.mjs";
import { VirtualTime } from "./clocks.mjs";
import { expect, test } from "./fixtures.mjs";
import { assertComplaints, assertOctoPrintWorks, OFFLINE } from "./health.mjs";
import { startProxy } from "./proxy.mjs";
import { picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: { settings: { min_rate: 0.01 } } });

const HOUR = 3600;

/** In s; longer than a countdown runs on without a message. */
const SLEEP = 30;

/** In s; until what is measured anew has a whole minute of readings, and has settled. */
const ANEW = 90;

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

/** Fails unless both pages say the same for five seconds on end, within so many s. */
async function expectSame(page, within = 0) {
    const seen = [];
    for (let agreed = 0, passed = 0; agreed < 5; passed++) {
        if (passed) await pass(page, 1);
        const [one, two] = await both(page);
        seen.push([one, two]);
        const known = one !== null && two !== null;
        agreed = known && Math.abs(one - two) <= 2 + 0.01 * two ? agreed + 1 : 0;
        const told = `the same within ${within} s: ${seen.join(" ")}`;
        expect(agreed > 0 || passed < within, told).toBe(true);
    }
}

/**
 * Fails if there is a wrong time within so many s; returns what has been said in place of
 * one.
 */
async function blanks(page, lasts) {
    const words = new Set();
    for (let passed = 0; passed < lasts; passed += 0.5) {
        const [one, two] = await both(page);
        if (one === null) words.add(await bed(page).status.textContent());
        // What is measured anew is rough at first, as stamps are whole seconds; what goes
        // on is not.
        else {
            const apart = 2 + (words.size ? 0.25 : 0.02) * two;
            expect(Math.abs(one - two), `${one} and ${two} s`).toBeLessThan(apart);
        }
        await pass(page, 0.5);
    }
    return [...words];
}

const fine = async (page, name) => {
    await picture(page, `time-${name}`);
    await assertOctoPrintWorks(page);
    assertComplaints(page, 0);
};

for (const hours of [5, -9]) {
    test(`is the same in a browser whose clock is ${hours} h off`, async ({ open }) => {
        const page = await open({ prepare: time.prepare({ date: hours * HOUR }) });
        const now = (page) => page.evaluate(() => Date.now() / 1000);
        const off = (await now(page)) - (await now(undisturbed));
        expect(Math.round(off / HOUR)).toBe(hours);
        await expectSame(page, 30);
        // By the clock on the wall of whoever looks at it.
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
        // In s from the page's own now.
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
        await fine(page, `browser-${hours}`);
    });
}

for (const hours of [1, -1]) {
    test(`begins anew when the server's clock is set by ${hours} h, and never lies`, async ({
        open,
    }) => {
        const page = await open({ prepare: time.prepare() });
        await countdown(bed(page));
        await expectSame(page, 20);
        await showOurs(page);
        await page.evaluate((it) => {
            window.clocks.server = it;
        }, hours * HOUR);
        expect(await blanks(page, 25), "noticed").toContain("measuring…");
        await expectSame(page, ANEW);
        await fine(page, `server-${hours}`);
    });
}

/** A browser of its own, which is stopped as a laptop that sleeps. */
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

/** Stops all processes of a browser while something is done. */
async function stopped(browser, action) {
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
    try {
        await action();
    } finally {
        all("SIGCONT");
    }
    await session.detach();
}

for (const [what, elapsed] of [
    ["stood still", 0],
    ["went on", HOUR],
]) {
    test(`is right with the first message after an hour of sleep in which the page's clock ${what}`, ({
        octoprint,
    }) =>
        withSleeper(octoprint, async (page, sleeper, proxy) => {
            // The same heat-up, an hour later than when the page went to sleep.
            await page.evaluate(
                (it) => {
                    window.upcoming = it;
                },
                { date: HOUR, server: HOUR, elapsed },
            );
            await stopped(sleeper, () => proxy.cut());
            await expect.poll(() => page.evaluate(() => window.histories)).toBe(2);
            await expectSame(page, 5);
            await fine(page, `sleep-${elapsed}`);
        }));
}

/** Has `performance.now` stand still for so many s from now on, as in a laptop that sleeps. */
const standStill = (page, lasts) =>
    page.evaluate((ms) => {
        const now = performance.now.bind(performance);
        const from = now();
        performance.now = () => Math.min(now(), Math.max(from, now() - ms));
    }, 1000 * lasts);

const newest = (page) => page.evaluate(() => window.newest());

// The messages that have waited bring the clock forward, half a second at a time.
for (const stands of [true, false]) {
    const what = stands ? "stood still" : "went on";
    const title = `never lies after a sleep that the connection survives, in which the page's clock ${what}`;
    const rightAfter = async (page, name) => {
        await pass(page, 1);
        // Only if they are further apart than a clock that goes on lets them be.
        for (const words of await blanks(page, 10)) expect(words).toBe("measuring…");
        await expectSame(page, ANEW);
        expect(await page.evaluate(() => window.histories)).toBe(1);
        await fine(page, `${name}-${stands}`);
    };

    test(title, async ({ open }) => {
        const page = await open({ prepare: time.prepare() });
        await expectSame(page, 30);
        await time.sleep(SLEEP, page, stands, [undisturbed]);
        await rightAfter(page, "nap");
    });

    test(`${title}, of a real browser`, { tag: "@long" }, ({ octoprint }) =>
        withSleeper(octoprint, async (page, sleeper) => {
            if (stands) await standStill(page, SLEEP);
            const begun = await newest(undisturbed);
            const slept = async () => (await newest(undisturbed)) - begun;
            await stopped(sleeper, () =>
                expect.poll(slept).toBeGreaterThanOrEqual(SLEEP),
            );
            // What has come in the meantime is worked off.
            const now = await newest(undisturbed);
            await expect.poll(() => newest(page)).toBeGreaterThanOrEqual(now);
            const longest = await page.evaluate(() => window.longest);
            expect(longest, "ms in which nothing ran").toBeGreaterThan(900 * SLEEP);
            await rightAfter(page, "real-nap");
        }),
    );
}

test("is right at once in a tab that comes to the front and whose timers stood still", async ({
    open,
}) => {
    const page = await open({ prepare: time.prepare() });
    await expectSame(page, 30);
    /** As a tab is hidden for long: it gets its messages, but its timers stand still. */
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
    // No tick is to be waited for.
    await hide(false);
    await expectSame(page);
    await fine(page, "hidden");
});
