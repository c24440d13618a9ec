/**
 * Algorithms that other plugins bring along.
 *
 * They are shown, scored and stored by the calculation like ours. Here is what keeps one that
 * is broken from doing harm: it is switched off, and the rest goes on.
 *
 * @typedef {import("../wasm/temp_eta.js").GuestEstimate} GuestEstimate
 *
 * @typedef {object} Algorithm
 * @property {string} id the plugin's name, a dot and the algorithm's: `my_plugin.constant`
 * @property {string} name for the settings
 * @property {GuestEstimate} estimate seconds from the newest sample until the goal, `null`
 *     where it cannot tell
 *
 * @typedef {"threw" | "no_time" | "slow"} End why an algorithm is not asked any more
 */

const ID = /^[a-z0-9_]+\.[a-z0-9_]+$/;
const LONGEST_ID = 64;
const LONGEST_NAME = 80;

/** How long an answer may take, in ms: the page must not be felt to stop. */
const SLOW = 20;

/** Which share of the time all answers may take, and how many ms at once: a page that is
    opened in the middle of a heat-up asks for half an hour of readings in one go. */
const SHARE = 0.05;
const AT_ONCE = 1000;

/** How many answers may be slow, or be no time, before that is no accident. Heaters take
    turns, so a good answer makes up for a quarter of a bad one. */
const PATIENCE = 3;
const FORGIVEN = 0.25;

/**
 * Checks what another plugin registers.
 *
 * @param {Algorithm} algorithm
 * @throws {TypeError} if it is not of that form
 */
export function check(algorithm) {
    const { id, name, estimate } = algorithm ?? {};
    if (typeof id !== "string" || !ID.test(id) || id.length > LONGEST_ID) {
        throw new TypeError(
            `Temperature ETA: algorithm IDs are "plugin.algorithm", not ${String(id)}`,
        );
    }
    if (typeof name !== "string" || !name.trim() || name.length > LONGEST_NAME) {
        throw new TypeError(`Temperature ETA: algorithm ${id} needs a name`);
    }
    if (typeof estimate !== "function") {
        throw new TypeError(`Temperature ETA: ${id} needs an estimate function`);
    }
}

// Functions, since gettext is not there yet when this file is loaded.
const ENDS = {
    threw: () => gettext("It failed. Other algorithms continue."),
    no_time: () => gettext("It returned an invalid time. Other algorithms continue."),
    slow: () => gettext("It is too slow. Other algorithms continue."),
};

/**
 * What is said of an algorithm that is not asked any more.
 *
 * @param {string} name
 * @param {End} why
 */
export function ended(name, why) {
    const title = _.sprintf(gettext("%(algorithm)s disabled"), {
        algorithm: name,
    });
    return { title, text: ENDS[why]() };
}

/**
 * The estimate of an algorithm, watched over.
 *
 * @param {Algorithm} algorithm
 * @param {(why: End, error?: unknown) => void} onEnd called once, when it is not asked any
 *     more
 * @param {() => number} now in ms
 * @returns {GuestEstimate}
 */
export function guarded({ estimate }, onEnd, now = () => performance.now()) {
    let over = false;
    let odd = 0;
    let spent = 0;
    let last = 0;
    /** @type {typeof onEnd} */
    const end = (why, error) => {
        over = true;
        onEnd(why, error);
    };
    return (samples, phase) => {
        if (over) return null;
        const began = now();
        let seconds;
        try {
            seconds = estimate(samples, phase);
        } catch (error) {
            end("threw", error);
            return null;
        }
        const took = now() - began;
        spent = Math.max(0, spent - SHARE * (began - last)) + took;
        last = began;
        const slow = took > SLOW;
        const isTime = Number.isFinite(seconds) && /** @type {number} */ (seconds) >= 0;
        const noTime = !isTime && seconds !== null;
        odd = slow || noTime ? odd + 1 : Math.max(0, odd - FORGIVEN);
        if (spent > AT_ONCE) end("slow");
        else if (odd >= PATIENCE) end(slow ? "slow" : "no_time");
        return isTime ? seconds : null;
    };
}
