/**
 * How accurate each algorithm was on this printer, over all of its heaters.
 *
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 *
 * @typedef {object} ScoredTransient a heat-up or cool-down, and what the algorithms said on the way
 * @property {number} end server time in s since 1970
 * @property {number} start in °C
 * @property {number} setpoint in °C
 * @property {number} duration in s
 * @property {Predicted[]} predicted
 *
 * @typedef {object} Predicted
 * @property {string} algorithm
 * @property {number} error mean error of the times shown in s; no estimate is wrong by all that was left
 * @property {(number | null)[]} remaining s that were shown as remaining at the `MOMENTS`; `null` for
 *     none
 *
 * @typedef {object} MeanError
 * @property {number} error as a fraction of a transient's duration
 * @property {number} transients number of heat-ups and cool-downs that were scored
 */

/** An algorithm is compared only if it has at least this fraction of the most often scored
 * one's transients. */
const COMPARABLE_FRACTION = 0.5;

/** Times that were shown are kept for these parts of a transient's duration. */
export const MOMENTS = [0.25, 0.5, 0.75];

/** Fewest transients by which an algorithm can be clearly better. */
const MIN_TRANSIENTS = 3;

/** Largest error of an algorithm that is clearly better, as a fraction of the shown one's. */
const CLEARLY_BETTER = 0.6;

/**
 * The mean error of an algorithm over all heaters; `null` if it was never scored.
 *
 * @param {Learned[]} learned
 * @param {string} algorithm
 * @returns {MeanError | null}
 */
export function score(learned, algorithm) {
    const scores = learned.flatMap((heater) => heater.scores);
    const own = scores.filter((it) => it.algorithm === algorithm);
    const transients = own.reduce((sum, it) => sum + it.ways, 0);
    if (!transients) return null;
    const error = own.reduce((sum, it) => sum + it.error * it.ways, 0) / transients;
    return { error, transients };
}

/**
 * The algorithm with the smallest error; `null` if none was scored.
 *
 * @param {Learned[]} learned
 * @param {string[]} algorithms
 */
export function best(learned, algorithms) {
    const scored = algorithms
        // Without a score there are no transients.
        .map((id) => ({ id, .../** @type {MeanError} */ (score(learned, id)) }))
        .filter((it) => it.transients);
    const enough = COMPARABLE_FRACTION * Math.max(...scored.map((it) => it.transients));
    const [first] = scored
        .filter((it) => it.transients >= enough)
        .sort((a, b) => a.error - b.error);
    return first?.id ?? null;
}

/**
 * The newest transients of a heater, the oldest first.
 *
 * @param {Learned} learned
 * @returns {ScoredTransient[]}
 */
export function transients({ scores, transients }) {
    return transients.map(([end, start, setpoint, duration, ...shown]) => ({
        ...{ end, start, setpoint, duration },
        predicted: scores.flatMap(({ algorithm }, i) => {
            const count = 1 + MOMENTS.length;
            const [error, ...own] = shown.slice(count * i, count * (i + 1));
            const remaining = own.map((seconds) => (seconds < 0 ? null : seconds));
            return Number.isNaN(error) ? [] : [{ algorithm, error, remaining }];
        }),
    }));
}

/**
 * The algorithm that was clearly more accurate than the shown one in the newest transients of all
 * heaters, with the mean errors of both in s; `null` if none was. Its errors must be smaller in
 * seconds as well as in parts of a transient, as else a few long ones would decide alone.
 *
 * @param {Learned[]} learned
 * @param {string} shown
 * @param {string[]} algorithms
 */
export function clearlyBetter(learned, shown, algorithms) {
    const all = learned.flatMap(transients);
    const compared = algorithms
        .map((algorithm) => ({ algorithm, ...comparison(all, algorithm, shown) }))
        .filter((it) => it.count >= MIN_TRANSIENTS && it.ratio <= CLEARLY_BETTER)
        .sort((a, b) => a.ratio - b.ratio);
    return compared[0] ?? null;
}

/**
 * @param {ScoredTransient[]} all
 * @param {string} algorithm
 * @param {string} shown
 */
function comparison(all, algorithm, shown) {
    const both = all.flatMap(({ duration, predicted }) => {
        const errorOf = (/** @type {string} */ id) =>
            predicted.find((it) => it.algorithm === id)?.error;
        const own = errorOf(algorithm);
        const others = errorOf(shown);
        return own === undefined || others === undefined
            ? []
            : [{ own, others, duration }];
    });
    const error = mean(both.map((it) => it.own));
    const shownError = mean(both.map((it) => it.others));
    const parts = mean(both.map((it) => it.own / it.duration));
    const shownParts = mean(both.map((it) => it.others / it.duration));
    const ratio = Math.max(error / shownError, parts / shownParts);
    return { count: both.length, error, shownError, ratio };
}

/** @param {number[]} numbers */
function mean(numbers) {
    return numbers.reduce((sum, it) => sum + it, 0) / numbers.length;
}
