/**
 * Feeds a recording to the plugin's calculation, for the estimates of each algorithm at any time,
 * without knowledge of later readings.
 *
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./recording.js").Reading} Reading
 * @typedef {import("../../static/wasm/temp_eta.js").TempEta} TempEta
 * @typedef {import("../../static/wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../../static/wasm/temp_eta.js").Phase} Phase
 * @typedef {import("../../static/wasm/temp_eta.js").Reason} Reason
 *
 * @typedef {(typeof ALGORITHMS)[number]} Algorithm
 *
 * @typedef {object} Answer
 * @property {number | null} remaining in s; 0 after arrival
 * @property {Reason | "unseen" | null} reason why there is no estimate
 *
 * @typedef {object} Point what was said right after a reading
 * @property {number} time
 * @property {number} left the true remaining time, in s
 * @property {Record<Algorithm, number | null>} said
 */

export const ALGORITHMS = /** @type {const} */ (["linear", "exponential", "adaptive"]);

/**
 * Heating or cooling, by phase; in all other phases neither.
 *
 * @type {Partial<Record<Phase, "heating" | "cooling">>}
 */
const TRANSIENTS = { heating: "heating", stalled: "heating", cooling: "cooling" };
/** @type {Phase[]} */
const ARRIVED = ["at_target", "cooled_down"];

export class Replay {
    #create;
    #event;
    /** @type {Reading[]} */
    #readings;
    /** @type {Record<string, TempEta>} */
    #calculations = {};
    #next = 0;
    #time = Number.NEGATIVE_INFINITY;
    /** @type {Point[]} */
    #points = [];

    /**
     * @param {() => TempEta} create a calculation that knows nothing
     * @param {Recording} recording
     * @param {{learned?: boolean}} [how] whether all that the printer did before is known
     */
    constructor(create, { event, readings, session }, { learned = false } = {}) {
        this.#create = create;
        this.#event = event;
        this.#readings = learned ? session : readings;
    }

    /** The estimates after each reading so far, from the new target until arrival. */
    get points() {
        return this.#points;
    }

    /**
     * Goes to a time. Going back replays from the start, because learning cannot be undone.
     *
     * @param {number} time in s of the recording
     */
    goTo(time) {
        if (time < this.#time) this.free();
        if (!this.#calculations.linear) this.#begin();
        this.#time = time;
        for (;;) {
            const reading = this.#readings[this.#next];
            if (!reading || reading.time > time) return;
            this.#next++;
            this.#take(reading);
        }
    }

    /** True seconds until arrival. */
    get left() {
        return Math.max(0, this.#event.arrival - this.#time);
    }

    /**
     * @param {Algorithm} algorithm
     * @returns {Answer}
     */
    answer(algorithm) {
        const none = { remaining: null, reason: null };
        if (this.#time < this.#event.start) return none;
        const row = this.#row(algorithm, this.#time);
        if (row?.target !== this.#event.target) return { ...none, reason: "unseen" };
        if (ARRIVED.includes(row.phase)) return { remaining: 0, reason: null };
        // A countdown to another target does not count.
        return TRANSIENTS[row.phase] === this.#event.kind ? row : none;
    }

    /**
     * The mean error of an algorithm so far, as in docs/accuracy.md: a missing time counts as 0.
     * Null before the first reading.
     *
     * @param {Algorithm} algorithm
     * @returns {{seconds: number, share: number} | null} share is of the whole transient
     */
    error(algorithm) {
        if (!this.#points.length) return null;
        const errors = this.#points.map(({ left, said }) =>
            Math.abs((said[algorithm] ?? 0) - left),
        );
        const seconds = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        return { seconds, share: seconds / this.#points[0].left };
    }

    /**
     * The temperatures that an algorithm expects from now on.
     *
     * @param {Algorithm} algorithm
     * @returns {{time: number, celsius: number}[]}
     */
    forecast(algorithm) {
        if (this.answer(algorithm).remaining === null) return [];
        const graphs = this.#calculations[algorithm].graph(1000 * this.#time, 1);
        const own = graphs.find(({ heater }) => heater === this.#event.heater);
        const pairs = own?.forecast ?? [];
        return Array.from({ length: pairs.length / 2 }, (_, i) => ({
            time: this.#time + pairs[2 * i],
            celsius: pairs[2 * i + 1],
        }));
    }

    /** Frees the calculations; the next `goTo` creates new ones. */
    free() {
        for (const calculation of Object.values(this.#calculations)) calculation.free();
        this.#calculations = {};
        this.#next = 0;
        this.#time = Number.NEGATIVE_INFINITY;
        this.#points = [];
    }

    #begin() {
        for (const algorithm of ALGORITHMS) {
            const calculation = this.#create();
            // Without a printer profile nothing learned is stored in the browser.
            calculation.configure({ algorithm });
            this.#calculations[algorithm] = calculation;
        }
    }

    /** @param {Reading} reading */
    #take(reading) {
        const { heater, start, arrival, kind } = this.#event;
        const { time } = reading;
        for (const algorithm of ALGORITHMS) {
            this.#calculations[algorithm].ingest(message(reading), 1000 * time);
        }
        if (reading.heater !== heater || time < start || time >= arrival) return;
        const said = (/** @type {Algorithm} */ algorithm) => {
            // The heater has just had a reading.
            const row = /** @type {HeaterRow} */ (this.#row(algorithm, time));
            return TRANSIENTS[row.phase] === kind ? row.remaining : null;
        };
        this.#points.push({
            time,
            left: arrival - time,
            said: /** @type {Point["said"]} */ (
                Object.fromEntries(ALGORITHMS.map((it) => [it, said(it)]))
            ),
        });
    }

    /**
     * @param {Algorithm} algorithm
     * @param {number} time
     */
    #row(algorithm, time) {
        const { heaters } = this.#calculations[algorithm].snapshot(1000 * time);
        return heaters.find(({ heater }) => heater === this.#event.heater);
    }
}

/**
 * A message of OctoPrint's socket.
 *
 * @param {Reading} reading
 */
function message({ time, heater, actual, target }) {
    // OctoPrint's timestamps are whole seconds; the calculation assumes the middle of the second.
    const stamp = time - 0.5;
    return {
        serverTime: time,
        state: { flags: { operational: true } },
        temps: [{ time: stamp, [heater]: { actual, target } }],
    };
}
