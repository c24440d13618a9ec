/**
 * Plugin algorithms: algorithms registered by other plugins.
 *
 * The wasm module shows, scores and stores them like the built-in ones. This file checks what
 * is registered and switches off an algorithm that throws, is slow or returns invalid times.
 *
 * @typedef {import("../wasm/temp_eta.js").AlgorithmEstimate} EstimateFunction
 *
 * @typedef {object} Algorithm
 * @property {string} id the plugin's id, a dot and the algorithm's: `my_plugin.constant`
 * @property {string} name as shown in the settings
 * @property {EstimateFunction} estimate returns the seconds from the newest sample until the
 *     goal, or `null` if it has no estimate
 *
 * @typedef {"threw" | "no_time" | "slow"} StopReason why an algorithm was switched off
 */

const ID = /^[a-z0-9_]+\.[a-z0-9_]+$/;
const MAX_ID_LENGTH = 64;
const MAX_NAME_LENGTH = 80;

/** Longest time of one call in ms; a longer one makes the page stutter. */
const MAX_CALL_TIME = 20;

/** Time budget of all calls of an algorithm: it refills at this fraction of the elapsed time, up to
 * `MAX_BUDGET` in ms. A page that is opened during a heat-up uses it for half an hour of
 * readings at once. */
const BUDGET_RATE = 0.05;
const MAX_BUDGET = 1000;

/** What a registration costs of that budget in ms, apart from the time it takes: an algorithm that
 * is registered again whenever it was asked would keep the page from doing anything else. */
const REGISTRATION_COST = 50;

/** Number of slow or invalid answers after which an algorithm is switched off. A good answer
 * makes up for only a fraction of a fault, as one heater's answers may be good and another's
 * bad. */
const MAX_FAULTS = 3;
const FAULT_RECOVERY = 0.25;

/**
 * The time budget of an algorithm. It stays the same when the algorithm is registered again: one
 * that is registered whenever it has been asked would never be slow otherwise. A budget that is
 * used up stays so until it is full again.
 */
export class Budget {
    #now;
    #last = 0;
    /** What is to be refilled, and what has been spent altogether, in ms. */
    #spent = 0;
    #total = 0;
    #isUsedUp = false;

    /** @param {() => number} now in ms */
    constructor(now = () => performance.now()) {
        this.#now = now;
    }

    get isUsedUp() {
        this.#refill(this.#now());
        return this.#isUsedUp;
    }

    /**
     * Calls `action`, which may spend parts of its time itself.
     *
     * @template T
     * @param {() => T} action
     * @returns {{result: T, time: number}} what it returned, and how long it took in ms
     */
    spend(action) {
        const start = this.#now();
        this.#refill(start);
        const before = this.#total;
        const result = action();
        const time = this.#now() - start;
        this.#take(time - (this.#total - before));
        return { result, time };
    }

    /** Takes what a registration costs. */
    register() {
        this.#refill(this.#now());
        this.#take(REGISTRATION_COST);
    }

    /** @param {number} ms */
    #take(ms) {
        this.#spent += ms;
        this.#total += ms;
        this.#isUsedUp ||= this.#spent > MAX_BUDGET;
    }

    /** @param {number} now in ms */
    #refill(now) {
        this.#spent = Math.max(0, this.#spent - BUDGET_RATE * (now - this.#last));
        this.#last = now;
        this.#isUsedUp &&= this.#spent > 0;
    }
}

/**
 * Checks what another plugin registers.
 *
 * @param {Algorithm} algorithm
 * @throws {TypeError} if id, name or function are invalid
 */
export function validate(algorithm) {
    const { id, name, estimate } = algorithm ?? {};
    if (typeof id !== "string" || !ID.test(id) || id.length > MAX_ID_LENGTH) {
        throw new TypeError(
            `Temperature ETA: algorithm IDs are "plugin.algorithm", not ${String(id)}`,
        );
    }
    if (typeof name !== "string" || !name.trim() || name.length > MAX_NAME_LENGTH) {
        throw new TypeError(`Temperature ETA: algorithm ${id} needs a name`);
    }
    if (typeof estimate !== "function") {
        throw new TypeError(`Temperature ETA: ${id} needs an estimate function`);
    }
}

// Functions, as gettext is not defined yet when this file is loaded.
const STOP_TEXTS = {
    threw: () => gettext("Error. Other algorithms continue."),
    no_time: () => gettext("It returned an invalid time. Other algorithms continue."),
    slow: () => gettext("It is too slow. Other algorithms continue."),
};

/**
 * The notice about an algorithm that was switched off.
 *
 * @param {string} name
 * @param {StopReason} reason
 */
export function stopNotice(name, reason) {
    const title = _.sprintf(gettext("%(algorithm)s disabled"), {
        algorithm: name,
    });
    return { title, text: STOP_TEXTS[reason]() };
}

/** Whether an algorithm is being asked. */
let isAsking = false;

/** @throws {Error} if an algorithm is being asked, which would then be asked without end */
export function refuseWhileAsking() {
    if (isAsking) throw new Error("Temperature ETA: no registration within an estimate");
}

/**
 * Wraps an algorithm's function so that it is switched off if it misbehaves; after that, and
 * for every invalid answer, the wrapper returns `null`.
 *
 * @param {Algorithm} algorithm
 * @param {(reason: StopReason, error?: unknown) => void} onStop called once, when the algorithm
 *     is switched off
 * @param {Budget} budget
 * @returns {EstimateFunction}
 */
export function supervised({ estimate }, onStop, budget = new Budget()) {
    let stopped = false;
    let faults = 0;
    /** @type {typeof onStop} */
    const stop = (reason, error) => {
        stopped = true;
        onStop(reason, error);
    };
    return (samples, phase) => {
        if (stopped) return null;
        let answer;
        isAsking = true;
        try {
            answer = budget.spend(() => estimate(samples, phase));
        } catch (error) {
            stop("threw", error);
            return null;
        } finally {
            isAsking = false;
        }
        const { result: seconds, time } = answer;
        const isSlow = time > MAX_CALL_TIME;
        const isTime = Number.isFinite(seconds) && /** @type {number} */ (seconds) >= 0;
        const isInvalid = !isTime && seconds !== null;
        faults = isSlow || isInvalid ? faults + 1 : Math.max(0, faults - FAULT_RECOVERY);
        if (budget.isUsedUp) stop("slow");
        else if (faults >= MAX_FAULTS) stop(isSlow ? "slow" : "no_time");
        return isTime ? seconds : null;
    };
}
