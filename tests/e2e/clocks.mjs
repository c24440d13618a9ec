// Pages with virtual time and adjustable clocks.
import { rewriteMessages } from "./messages.mjs";

/** A heat-up of ten minutes; temperatures in °C, `rate` in °C/s. */
const HEAT_UP = { ambient: 22, target: 115, rate: 0.155 };

/** How long it has been heating at the start of the test, in s. */
const HEATING_SINCE = 90;

/**
 * Prepares a page before it is opened. `window.pass` lets seconds pass, `window.sleep` like in a
 * sleeping laptop; `window.newest` is the time of the newest message in s.
 *
 * `window.clocks` are the offsets of the clocks in s: `passed` for all of them, and in addition
 * `date`, `elapsed` for `performance.now`, and `server` for the timestamps of messages.
 * `window.upcoming` are the offsets from the next history on; `window.behind` stops the timers.
 */
async function prepareClocks(page, heatUp, offsets) {
    await rewriteMessages(page);
    await page.addInitScript(
        ([heatUp, offsets]) => {
            const clocks = { passed: 0, date: 0, elapsed: 0, server: 0, ...offsets };
            window.clocks = clocks;
            const real = { Date, now: performance.now.bind(performance) };
            const date = () => real.Date.now() + 1000 * (clocks.passed + clocks.date);
            window.Date = class extends real.Date {
                constructor(...args) {
                    super(...(args.length ? args : [date()]));
                }
                static now() {
                    return date();
                }
            };
            performance.now = () => real.now() + 1000 * (clocks.passed + clocks.elapsed);

            const timers = new Map();
            const { setInterval, clearInterval } = window;
            window.setInterval = (action, ms) => {
                const act = () => window.behind || action();
                const id = setInterval(act, ms);
                timers.set(id, { act, ms, left: ms });
                return id;
            };
            window.clearInterval = (id) => {
                timers.delete(id);
                clearInterval(id);
            };
            // What is about to be done belongs to the time that has passed, however busy the
            // machine is: timeouts of at most so many ms.
            const SOON = 200;
            const soon = new Map();
            const { setTimeout, clearTimeout } = window;
            window.setTimeout = (action, ms = 0, ...args) => {
                if (typeof action !== "function" || ms > SOON)
                    return setTimeout(action, ms, ...args);
                const timeout = Promise.withResolvers();
                const act = () => {
                    window.clearTimeout(id);
                    action(...args);
                };
                const id = setTimeout(act, ms);
                soon.set(id, timeout);
                return id;
            };
            window.clearTimeout = (id) => {
                soon.get(id)?.resolve();
                soon.delete(id);
                clearTimeout(id);
            };
            const settle = () => Promise.all([...soon.values()].map((it) => it.promise));
            Object.defineProperty(document, "hidden", {
                get: () => Boolean(window.behind),
            });
            // The longest time in which no timer ran, in ms.
            window.longest = 0;
            let last = real.now();
            setInterval(() => {
                const now = real.now();
                window.longest = Math.max(window.longest, now - last);
                last = now;
            }, 200);

            // Times of the newest message and of the newest reading in s, without offsets.
            let sent = 0;
            let read = 0;
            const truth = () => sent + clocks.passed;
            window.newest = truth;
            // Time of the message that a sleeping page gets now; messages keep their order.
            let delayed = null;
            const time = () => delayed ?? truth();
            let current = {};
            let heaters = {};
            const row = (time) => {
                const { start, ambient, target, rate } = heatUp;
                const elapsed = Math.max(0, time - start);
                const actual = Math.min(target, ambient + rate * elapsed);
                const bed = {
                    actual: Math.round(100 * actual) / 100,
                    target: elapsed ? target : 0,
                };
                return { ...heaters, time: time + clocks.server, bed };
            };
            // Every two seconds, the same in all pages.
            const readings = (time) => {
                const rows = [];
                for (; read + 2 <= time; rows.push(row(read))) read += 2;
                return rows;
            };
            window.rewrite = (message) => {
                if (message.history) Object.assign(clocks, window.upcoming);
                const part = message.history ?? message.current;
                if (!part) return message;
                sent = part.serverTime;
                heaters = part.temps.at(-1) ?? heaters;
                if (message.history) read = 2 * Math.floor(time() / 2) - 600;
                part.temps = readings(time());
                part.serverTime = time() + clocks.server;
                for (const mark of part.markings ?? []) {
                    mark.time += clocks.passed + clocks.server;
                }
                // Whatever came last: a page may be told of time before its first `current`.
                current = { ...part, logs: [], messages: [] };
                return message;
            };
            const report = (time) => {
                const serverTime = time + clocks.server;
                const temps = readings(time);
                window.deliver({ current: { ...current, serverTime, temps } });
                // Lets the page handle the message first.
                return new Promise((resolve) => setTimeout(resolve));
            };
            window.pass = async (seconds) => {
                for (let step = 1; step <= 2 * seconds; step++) {
                    clocks.passed += 0.5;
                    await report(truth());
                    for (const timer of timers.values()) {
                        timer.left -= 500;
                        if (timer.left > 0) continue;
                        timer.left = timer.ms;
                        timer.act();
                    }
                }
                await settle();
            };
            // All messages arrive at the end.
            window.sleep = async (seconds, stands) => {
                const start = truth();
                clocks.passed += seconds;
                if (stands) clocks.elapsed -= seconds;
                for (let step = 1; step <= 2 * seconds; step++) {
                    delayed = start + step / 2;
                    await report(delayed);
                }
                delayed = null;
                await settle();
            };
        },
        [heatUp, offsets],
    );
}

/** Virtual time shared by several pages. */
export class VirtualTime {
    #start = Date.now() / 1000 - HEATING_SINCE;
    #passed = 0;

    /** Returns a function that prepares another page; `offsets` as in `prepareClocks`. */
    prepare(offsets) {
        const heatUp = { ...HEAT_UP, start: this.#start };
        return (page) =>
            prepareClocks(page, heatUp, { passed: this.#passed, ...offsets });
    }

    async pass(seconds, pages) {
        this.#passed += seconds;
        await Promise.all(
            pages.map((page) => page.evaluate((it) => window.pass(it), seconds)),
        );
    }

    /** Lets `sleeper` sleep meanwhile; `stands`: its `performance.now` stands still. */
    async sleep(seconds, sleeper, stands, pages) {
        await Promise.all([
            this.pass(seconds, pages),
            sleeper.evaluate((it) => window.sleep(...it), [seconds, stands]),
        ]);
    }
}
