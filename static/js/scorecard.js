/**
 * The newest heat-ups and cool-downs of each heater, with what each algorithm said on the way and
 * what was true: as numbers and as a small picture.
 *
 * @typedef {import("./scores.js").ScoredTransient} ScoredTransient
 *
 * @typedef {object} Page
 * @property {() => import("../wasm/temp_eta.js").Learned[]} learned
 * @property {() => import("./format.js").View} view
 * @property {import("./algorithms.js").Algorithms} algorithms
 * @property {typeof import("./format.js")} format
 * @property {typeof import("./scores.js")} scores
 */

/** Size of a picture in px, without the room for its marks. What is right is halfway up. */
export const WIDTH = 160;
export const HEIGHT = 80;

/** Marks at the top and at the bottom were wrong by this part of a transient's duration, or more. */
const MOST = 0.4;

/** Distance between the marks of two algorithms at the same moment, in px. */
const BESIDE = 6;

export class Scorecard {
    #page;

    /** @param {Page} page */
    constructor(page) {
        this.#page = page;
        this.isOpen = ko.observable(false);
        const scored = ko.pureComputed(() =>
            page.learned().filter((it) => it.transients.length > 0),
        );
        this.isEmpty = ko.pureComputed(() => scored().length === 0);
        this.heaters = ko.pureComputed(() =>
            scored().map((learned) => ({
                heater: learned.heater,
                name: page.format.name(learned.heater, page.view()),
                // The newest first.
                transients: page.scores
                    .transients(learned)
                    .map((it) => this.#transient(it))
                    .reverse(),
            })),
        );
    }

    toggle() {
        this.isOpen(!this.isOpen());
    }

    /** @param {ScoredTransient} transient */
    #transient(transient) {
        const { end, start, setpoint, duration, predicted } = transient;
        const { format, scores, algorithms, view } = this.#page;
        const words = {
            way: format.way(start, setpoint, view()),
            duration: format.duration(duration),
            time: moment(1000 * end).format("L LT"),
        };
        const left = scores.MOMENTS.map((it) => (1 - it) * duration);
        const shift = (/** @type {number} */ i) =>
            BESIDE * (i - (predicted.length - 1) / 2);
        const lines = predicted.map(({ algorithm, error, remaining }, i) => ({
            name: algorithms.name(algorithm),
            // Those of plugins look the same.
            style: `temp-eta-of-${algorithms.isBuiltIn(algorithm) ? algorithm : "plugin"}`,
            times: remaining.map((it) => (it === null ? "–" : format.duration(it))),
            error: format.error(error),
            points: points(remaining, left, duration, shift(i)),
        }));
        return {
            title: _.sprintf(gettext("%(way)s in %(duration)s, %(time)s"), words),
            left: left.map(format.duration),
            lines,
        };
    }
}

/**
 * The marks of an algorithm in a picture, from the start of a transient to its end: above the middle
 * where it showed too long a time, below where it showed too short a one.
 *
 * @param {(number | null)[]} remaining in s
 * @param {number[]} left what was really left, in s
 * @param {number} duration of the transient in s
 * @param {number} shift in px to the right, so that equal times do not hide each other
 */
function points(remaining, left, duration, shift) {
    return remaining.flatMap((seconds, i) => {
        if (seconds === null) return [];
        const error = (seconds - /** @type {number} */ (left[i])) / duration;
        const height = Math.max(-1, Math.min(error / MOST, 1));
        return [
            {
                x: (WIDTH * (i + 1)) / (remaining.length + 1) + shift,
                y: (HEIGHT / 2) * (1 - height),
            },
        ];
    });
}
