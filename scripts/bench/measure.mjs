/** Times the built module; runs in the browser. */

import { messages } from "./messages.mjs";

/** Rounds; the first ones are slower, until the code is optimized. */
const ROUNDS = 10;

/** Numbers of heaters, and those for which the growth is measured. */
export const MANY = [1, 5, 16];
export const GROWING = [1, 2, 4, 8, 16, 32, 64];

/** Values of `history_size`, with five readings a second. */
export const READINGS = [10, 300];

/** Earlier readings in the graph histories; with the last value they are full. */
export const IDLE = [0, 1000];

const ingest = (calculation, { message, now }) => calculation.ingest(message, now);
const snapshot = (calculation, { now }) => calculation.snapshot(now);
const both = (calculation, message) => {
    ingest(calculation, message);
    snapshot(calculation, message);
};

/** What is timed, by name: what is done with each message, which messages, which settings. */
const CASES = Object.fromEntries([
    ...MANY.flatMap((many) => [
        [`ingest ${many}`, [ingest, messages(many)]],
        [`snapshot ${many}`, [snapshot, messages(many)]],
    ]),
    ...[...MANY, ...GROWING].map((many) => [`both ${many}`, [both, messages(many)]]),
    ...READINGS.map((it) => [
        `readings ${it}`,
        [both, messages(5, 0.2), { history_size: it }],
    ]),
    ...IDLE.map((it) => [`idle ${it}`, [both, messages(5, 1, it)]]),
]);

/**
 * Runs all cases in turn, so that disturbances affect all of them.
 *
 * @returns {{times: Record<string, number>, remaining: number}} the median time in µs per message,
 *     by name, and the sum of the remaining times of 16 heaters at the end
 */
export function measure(wasm) {
    const rounds = {};
    let remaining = 0;
    for (let round = 0; round < ROUNDS; round++) {
        for (const [name, [work, { history, following }, settings]] of Object.entries(
            CASES,
        )) {
            const calculation = new wasm.TempEta(() => {});
            calculation.configure(settings ?? {});
            ingest(calculation, history);
            const begun = performance.now();
            for (const message of following) work(calculation, message);
            const took = performance.now() - begun;
            rounds[name] ??= [];
            rounds[name].push((1000 * took) / following.length);
            if (name === "both 16") {
                const { heaters } = calculation.snapshot(following.at(-1).now + 1000);
                remaining = heaters.reduce((sum, row) => sum + row.remaining, 0);
            }
            calculation.free();
        }
    }
    const middle = (all) => all.sort((a, b) => a - b)[all.length >> 1];
    const times = Object.entries(rounds).map(([name, all]) => [name, middle(all)]);
    return { times: Object.fromEntries(times), remaining };
}
