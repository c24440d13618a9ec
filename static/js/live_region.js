/**
 * Writes the text of the page's live region for screen readers: each change of a heater's
 * phase or goal, whether its readings make sense, and the remaining minutes, but not the seconds.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("./format.js").View} View
 *
 * @typedef {object} Announced what was last announced about a heater
 * @property {string} phase
 * @property {number | null} goal in °C
 * @property {boolean} implausible whether the reading made no sense
 * @property {number} minutes the lowest announced step of remaining minutes
 */

/** Remaining minutes that are announced. */
const MINUTES = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60];
const NONE_ANNOUNCED = Number.POSITIVE_INFINITY;

export class LiveRegion {
    #format;
    /** @type {Map<string, Announced>} */
    #announced = new Map();

    /** @param {typeof import("./format.js")} format */
    constructor(format) {
        this.#format = format;
    }

    /**
     * The announcement for a new snapshot; empty if nothing relevant has changed.
     *
     * @param {HeaterRow[]} rows
     * @param {View} view
     */
    update(rows, view) {
        const before = this.#announced;
        this.#announced = new Map();
        const texts = rows.map((row) =>
            this.#updateHeater(row, before.get(row.heater), view),
        );
        return texts.filter(Boolean).join(". ");
    }

    /**
     * @param {HeaterRow} row
     * @param {Announced | undefined} before
     * @param {View} view
     */
    #updateHeater(row, before, view) {
        const { heater, phase, goal } = row;
        const implausible = this.#format.isImplausible(row);
        // Null is not greater than zero.
        const remaining = /** @type {number} */ (row.remaining);
        const minutes = remaining > 0 ? Math.ceil(remaining / 60) : null;
        // The lowest step that has been reached.
        const step = (minutes && MINUTES.find((it) => minutes <= it)) ?? NONE_ANNOUNCED;
        const changed =
            phase !== before?.phase ||
            goal !== before.goal ||
            implausible !== before.implausible;
        const lowest = changed ? step : Math.min(step, before.minutes);
        this.#announced.set(heater, { phase, goal, implausible, minutes: lowest });
        // The state when the page was opened is not announced.
        if (!before) return "";
        if (changed) return this.#format.phaseChange(row, view);
        return step < before.minutes
            ? this.#format.minutesLeft(heater, /** @type {number} */ (minutes), view)
            : "";
    }
}
