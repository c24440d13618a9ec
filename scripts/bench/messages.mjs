/** The messages that are timed: those of benches/update.rs. */

/** Seconds of history, and number of timed messages after it, one a second. */
const BEFORE = 160;
export const TIMED = 200;

/** Server time in s. */
const START = 1.8e9;

/** The names of `many` heaters. */
export function heaters(many) {
    const tools = Array.from({ length: Math.max(1, many - 2) }, (_, i) => `tool${i}`);
    return [...tools, "bed", "chamber"].slice(0, many);
}

/** Heats to a first target and then to a second. */
function reading(second) {
    const lag = (rise, seconds, tau) => rise * (1 - Math.exp(-seconds / tau));
    if (second < 10) return { actual: 20, target: 0 };
    if (second < 100) {
        const actual = Math.min(200, 20 + lag(400, second - 10, 100));
        return { actual, target: 200 };
    }
    return { actual: 200 + lag(100, second - 100, 600), target: 270 };
}

/**
 * A history message and the messages after it.
 *
 * @param {number} many heaters
 * @param {number} [interval] from one reading to the next, in s
 * @param {number} [idle] readings before all that, of cold heaters, 1.8 s apart
 */
export function messages(many, interval = 1, idle = 0) {
    const names = heaters(many);
    const row = (second) => {
        const temperatures = names.map((name) => [name, reading(second)]);
        return { time: START + second, ...Object.fromEntries(temperatures) };
    };
    const message = (seconds) => ({
        state: {
            text: "Operational",
            flags: { operational: true, printing: false, paused: false, ready: true },
        },
        progress: { completion: null, filepos: null },
        serverTime: START + seconds.at(-1) + 0.3,
        temps: seconds.map(row),
    });
    const cold = Array.from({ length: idle }, (_, i) => 1.8 * (i - idle));
    const before = Array.from({ length: BEFORE / interval }, (_, i) => i * interval);
    const timed = Array.from({ length: TIMED }, (_, i) => [BEFORE + i * interval]);
    const [history, ...following] = [[...cold, ...before], ...timed].map((seconds) => ({
        now: 1000 * seconds.at(-1),
        // Parsed from JSON, as in OctoPrint's page.
        message: JSON.parse(JSON.stringify(message(seconds))),
    }));
    return { history, following };
}
