/**
 * What a screen reader hears: a heater that does something else than before, and the minutes
 * left, but not the seconds.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("./format.js").View} View
 *
 * @typedef {object} Heard
 * @property {string} phase
 * @property {number | null} goal in °C
 * @property {number} said the fewest minutes that were said
 */

/** Minutes that are said when no more of them are left. */
const SAID = [60, 45, 30, 20, 15, 10, 5, 3, 2, 1];
const UNSAID = Number.POSITIVE_INFINITY;

export class Announcer {
    #format;
    /** @type {Map<string, Heard>} */
    #heard = new Map();

    /** @param {typeof import("./format.js")} format */
    constructor(format) {
        this.#format = format;
    }

    /**
     * What is new since the last time; empty when nothing is.
     *
     * @param {HeaterRow[]} rows
     * @param {View} view
     */
    news(rows, view) {
        const before = this.#heard;
        this.#heard = new Map();
        const news = rows.map((row) => this.#newsOf(row, before.get(row.heater), view));
        return news.filter(Boolean).join(". ");
    }

    /**
     * @param {HeaterRow} row
     * @param {Heard | undefined} heard
     * @param {View} view
     */
    #newsOf(row, heard, view) {
        const { heater, phase, goal } = row;
        // Null is not above zero.
        const remaining = /** @type {number} */ (row.remaining);
        const minutes = remaining > 0 ? Math.ceil(remaining / 60) : null;
        // Of those that are said, the fewest that are not less than what is left.
        const left = (minutes && SAID.findLast((said) => minutes <= said)) ?? UNSAID;
        const other = phase !== heard?.phase || goal !== heard.goal;
        const said = other ? left : Math.min(left, heard.said);
        this.#heard.set(heater, { phase, goal, said });
        // What the page showed from the beginning is no news.
        if (!heard) return "";
        if (other) return this.#format.begun(row, view);
        return left < heard.said
            ? this.#format.minutesLeft(heater, /** @type {number} */ (minutes), view)
            : "";
    }
}
