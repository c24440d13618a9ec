/**
 * The recordings of real printers, written by scripts/docs/try.mjs from tests/data/traces.
 *
 * @typedef {{time: number, heater: string, actual: number, target: number}} Reading
 *
 * @typedef {object} Event a heat-up or a cool-down; times in s, temperatures in °C
 * @property {string} id
 * @property {string} printer owner and repository
 * @property {string} heater
 * @property {"heating" | "cooling"} kind
 * @property {number} goal
 * @property {number} target 0 is off
 * @property {number} start when the target changed
 * @property {number} arrival when the heater first came within 1 °C of `goal`
 * @property {number} from the first reading that belongs to it
 * @property {number} until the last one
 * @property {number} interval
 * @property {string} provenance
 *
 * @typedef {object} Recording
 * @property {Event} event
 * @property {Reading[]} readings of the event alone
 * @property {Reading[]} session all readings of the printer until then, of all heaters
 *
 * @typedef {object} Columns a printer's readings
 * @property {string[]} heaters
 * @property {number[]} heater which of them
 * @property {number[]} time
 * @property {number[]} actual
 * @property {number[]} target
 *
 * @typedef {Columns & {events: Event[]}} Printer
 */

/** How much of an event is shown before its target changes and after it has arrived: a tenth
 * of the transient, within these many seconds. */
const MARGIN = [5, 30];

/**
 * @param {{printers: Printer[]}} data
 * @returns {Recording[][]} by printer, each in order of time
 */
export function recordings({ printers }) {
    return printers.map(({ events, ...columns }) => {
        const all = rows(columns);
        return events.map((event) => {
            const session = all.filter(({ time }) => time <= event.until);
            const own = (/** @type {Reading} */ { heater, time }) =>
                heater === event.heater && time >= event.from;
            return { event, readings: session.filter(own), session };
        });
    });
}

/**
 * @param {Columns} columns
 * @returns {Reading[]}
 */
function rows({ heaters, heater, time, actual, target }) {
    return time.map((at, i) => ({
        time: at,
        heater: heaters[heater[i]],
        actual: actual[i],
        target: target[i],
    }));
}

/**
 * The visible time span of an event, in s.
 *
 * @param {Event} event
 * @returns {[number, number]}
 */
export function span({ start, arrival, from, until }) {
    const [least, most] = MARGIN;
    const margin = Math.min(most, Math.max(least, 0.1 * (arrival - start)));
    return [Math.max(from, start - margin), Math.min(until, arrival + margin)];
}

/**
 * Whether there are earlier events of the printer to learn from.
 *
 * @param {Recording} recording
 */
export function hasEarlier({ event, session }) {
    return session[0].time < event.from;
}

/**
 * Who published the readings, and where; null if the provenance has another form.
 *
 * @param {Event} event
 */
export function source({ provenance }) {
    const match = /^github:([^:]+):(.+?) \(blob (\w+)\)/.exec(provenance);
    if (!match) return null;
    const [, repository, file, version] = match;
    const [owner] = repository.split("/");
    return { owner, repository, file, version };
}
