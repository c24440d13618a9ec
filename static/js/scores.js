/**
 * How good each algorithm was on this printer, from what its heaters have taught.
 *
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 *
 * @typedef {object} Mean
 * @property {number} error as a share of the way
 * @property {number} ways
 */

/** An algorithm needs this share of the ways of the one that has most, to be compared. */
const COMPARABLE = 0.5;

/**
 * The mean error of an algorithm over all heaters and the ways it is the mean of; `null`
 * before the first.
 *
 * @param {Learned[]} learned
 * @param {string} algorithm
 * @returns {Mean | null}
 */
export function score(learned, algorithm) {
    const scores = learned.flatMap((heater) => heater.scores);
    const own = scores.filter((it) => it.algorithm === algorithm);
    const ways = own.reduce((sum, it) => sum + it.ways, 0);
    if (!ways) return null;
    return { error: own.reduce((sum, it) => sum + it.error * it.ways, 0) / ways, ways };
}

/**
 * The algorithm with the smallest error; `null` before anything was measured.
 *
 * @param {Learned[]} learned
 * @param {string[]} algorithms
 */
export function best(learned, algorithms) {
    const scored = algorithms
        // Null has no ways.
        .map((id) => ({ id, .../** @type {Mean} */ (score(learned, id)) }))
        .filter((it) => it.ways);
    const enough = COMPARABLE * Math.max(...scored.map((it) => it.ways));
    const [first] = scored
        .filter((it) => it.ways >= enough)
        .sort((a, b) => a.error - b.error);
    return first?.id ?? null;
}
