// Pages in which time passes as fast as they can follow, and whose clocks can be set.
import { rewriteMessages } from "./messages.mjs";

/** A bed that is on its way for ten minutes, at so many °C/s, and for how many s already. */
const HEAT_UP = { ambient: 22, target: 115, rate: 0.155 };
const BEGUN = 90;

/**
 * Prepares a page before it is opened. `window.pass` has so many s pass in it, `window.sleep`
 * as in a laptop that sleeps; `window.newest` is when the newest message was sent, in s.
 *
 * `window.clocks` are by how many s its clocks are `off`: all by what has `passed`, and by
 * more `date`, `elapsed` for `performance.now`, `server` for the stamps of the messages.
 * `window.upcoming` is what they become with the next history; `window.behind` has the
 * timers stand still.
 */
async function prepareClocks(page, heatUp, off) {
    await rewriteMessages(page);
    await page.addInitScript(
        ([heatUp, off]) => {
            const clocks = { passed: 0, date: 0, elapsed: 0, server: 0, ...off };
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
            Object.defineProperty(document, "hidden", {
                get: () => Boolean(window.behind),
            });
            // The longest time for which nothing has run in here, in ms.
            window.longest = 0;
            let last = real.now();
            setInterval(() => {
                const now = real.now();
                window.longest = Math.max(window.longest, now - last);
                last = now;
            }, 200);

            // In s, of the newest message and of the newest reading, wherever clocks stand.
            let sent = 0;
            let read = 0;
            const truth = () => sent + clocks.passed;
            window.newest = truth;
            let current = {};
            let heaters = {};
            const row = (time) => {
                const { begun, ambient, target, rate } = heatUp;
                const on = Math.max(0, time - begun);
                const actual = Math.min(target, ambient + rate * on);
                const bed = {
                    actual: Math.round(100 * actual) / 100,
                    target: on ? target : 0,
                };
                return { ...heaters, time: time + clocks.server, bed };
            };
            // One every two seconds, the same for all pages.
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
                if (message.history) read = 2 * Math.floor(truth() / 2) - 600;
                part.temps = readings(truth());
                part.serverTime = truth() + clocks.server;
                for (const mark of part.markings ?? []) {
                    mark.time += clocks.passed + clocks.server;
                }
                if (message.current) current = { ...part, logs: [], messages: [] };
                return message;
            };
            const report = (time) => {
                const serverTime = time + clocks.server;
                const temps = readings(time);
                window.deliver({ current: { ...current, serverTime, temps } });
                // What is asked then runs before anything else.
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
            };
            // All messages come at the end.
            window.sleep = async (seconds, stands) => {
                const begun = truth();
                clocks.passed += seconds;
                if (stands) clocks.elapsed -= seconds;
                for (let step = 1; step <= 2 * seconds; step++) {
                    await report(begun + step / 2);
                }
            };
        },
        [heatUp, off],
    );
}

/** Pages that time passes in together. */
export class VirtualTime {
    #begun = Date.now() / 1000 - BEGUN;
    #passed = 0;

    /** What prepares a page that joins in, see `prepareClocks`. */
    prepare(off) {
        const heatUp = { ...HEAT_UP, begun: this.#begun };
        return (page) => prepareClocks(page, heatUp, { passed: this.#passed, ...off });
    }

    async pass(seconds, pages) {
        this.#passed += seconds;
        await Promise.all(
            pages.map((page) => page.evaluate((it) => window.pass(it), seconds)),
        );
    }

    /** One of the pages sleeps meanwhile; its `performance.now` stands still then, or not. */
    async sleep(seconds, sleeper, stands, pages) {
        await Promise.all([
            this.pass(seconds, pages),
            sleeper.evaluate((it) => window.sleep(...it), [seconds, stands]),
        ]);
    }
}
