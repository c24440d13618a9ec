/** Times the built module; runs in Node and in browsers. */

import { messages } from "./messages.mjs";

export const ALGORITHMS = ["linear", "exponential", "adaptive"];

/** Numbers of heaters, and those for which the growth is measured. */
export const MANY = [1, 5, 16];
export const GROWING = [1, 2, 4, 8, 16, 32, 64];

/** Values of `history_size`, and as many readings a minute. */
export const READINGS = [10, 30, 100, 300];

/** The values of `READINGS` for which the algorithms are timed separately. */
export const ENDS = [READINGS[0], READINGS.at(-1)];

/** Earlier readings in the graph histories; with the last value they are full. */
export const TRACES = [0, 1000];

/** The timed functions, by name. */
const CASES = {
    ...casesOf([...new Set([...MANY, ...GROWING])], "both", both, (many) => [many]),
    ...casesOf(MANY, "ingest", ingest, (many) => [many]),
    ...casesOf(MANY, "snapshot", snapshot, (many) => [many]),
    ...casesOf(MANY, "estimate", estimates, (many) => [many]),
    ...casesOf(READINGS, "readings", both, () => [5, { interval: 0.2 }]),
    ...casesOf(ENDS, "estimate readings", estimates, () => [5, { interval: 0.2 }]),
    ...casesOf(TRACES, "traces", both, (idle) => [5, { idle }]),
};

function casesOf(numbers, what, work, given) {
    const one = (number) => {
        const settings = what.endsWith("readings") ? { history_size: number } : {};
        return [`${what} ${number}`, { work, settings, given: given(number) }];
    };
    return Object.fromEntries(numbers.map(one));
}

/**
 * Runs all functions in turn, several rounds, so that disturbances affect all of them.
 *
 * @returns {{times: Record<string, number[]>, remaining: number}} µs per message for each round,
 *     by name, and the sum of the remaining times of 16 heaters at the end
 */
export function measure(wasm, rounds) {
    const cases = Object.entries(CASES).map(([name, { given, ...rest }]) => {
        return { name, ...messages(...given), ...rest };
    });
    const times = {};
    let remaining = 0;
    for (let round = 0; round < rounds; round++) {
        for (const { name, history, following, settings, work } of cases) {
            const calculation = new wasm.TempEta(() => {});
            calculation.configure(settings);
            calculation.ingest(history.message, history.now);
            for (const [part, time] of Object.entries(work(calculation, following))) {
                times[name + part] ??= [];
                times[name + part].push(time);
            }
            if (name === "both 16") {
                const { heaters } = calculation.snapshot(following.at(-1).now + 1000);
                remaining = heaters.reduce((sum, row) => sum + row.remaining, 0);
            }
            calculation.free();
        }
    }
    return { times, remaining };
}

function timed(work, messages) {
    const begun = performance.now();
    for (const { message, now } of messages) work(message, now);
    return { "": (1000 * (performance.now() - begun)) / messages.length };
}

function ingest(calculation, messages) {
    return timed((message, now) => calculation.ingest(message, now), messages);
}

function snapshot(calculation, messages) {
    return timed((_, now) => calculation.snapshot(now), messages);
}

function both(calculation, messages) {
    return timed((message, now) => {
        calculation.ingest(message, now);
        calculation.snapshot(now);
    }, messages);
}

/**
 * The time of each algorithm per message. All of them run in turn, so the module measures times
 * with a clock that records its readings. The cost of reading the clock is measured between two
 * algorithms.
 */
function estimates(calculation, messages) {
    const clock = performance.now.bind(performance);
    const spent = ALGORITHMS.map(() => 0);
    calculation.watch(true);
    for (const { message, now } of messages) {
        const seen = [];
        performance.now = () => {
            seen.push(clock());
            return seen.at(-1);
        };
        calculation.ingest(message, now);
        delete performance.now;
        const asked = (seen.length - 2) / (2 * ALGORITHMS.length);
        if (!Number.isInteger(asked) || asked < 1) {
            throw new Error(`The clock was looked at ${seen.length} times in a message.`);
        }
        for (let heater = 0; heater < asked; heater++) {
            const at = (i) => seen[1 + 2 * ALGORITHMS.length * heater + i];
            const looking = (at(2) - at(1) + at(4) - at(3)) / 2;
            ALGORITHMS.forEach((_, i) => {
                spent[i] += at(2 * i + 1) - at(2 * i) - looking;
            });
        }
    }
    return Object.fromEntries(
        ALGORITHMS.map((name, i) => [` ${name}`, (1000 * spent[i]) / messages.length]),
    );
}
