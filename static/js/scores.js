/**
 * How accurate each algorithm was on this printer, over all of its heaters.
 *
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 *
 * @typedef {object} MeanError
 * @property {number} error as a fraction of a transient's duration
 * @property {number} transients number of heat-ups and cool-downs that were scored
 */

/** An algorithm is compared only if it has at least this fraction of the most often scored
 * one's transients. */
const COMPARABLE_FRACTION = 0.5;

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
