/**
 * Owns the one object of the wasm module and catches every error at that boundary: whatever
 * happens in there, OctoPrint's page goes on.
 *
 * @typedef {import("../wasm/temp_eta.js").TempEta} TempEta
 * @typedef {import("../wasm/temp_eta.js").Snapshot} Snapshot
 * @typedef {import("./calculation.js").Module} Module
 */

/**
 * Calculations that have broken down, kept so that no garbage collector has them freed.
 *
 * @type {TempEta[]}
 */
const broken = [];

/** What wasm-bindgen and the browser say when nothing in the module can be called any more. */
const BROKEN = /recursive use|call stack|too much recursion/;

/**
 * @param {any} error
 * @returns {error is Error}
 */
const breaksDown = (error) =>
    error instanceof WebAssembly.RuntimeError || BROKEN.test(error?.message);

export class Engine {
    /** @type {TempEta | undefined} */
    #calculation;
    #memory;
    #onFailure;
    /** @type {Snapshot["skipped"] | object} */
    #skipped = {};
    #warned = new Set();

    /**
     * @param {Module} wasm
     * @param {(snapshot: Snapshot) => void} onSnapshot called at each tick
     * @param {(error: Error) => void} onFailure called once, when the calculation has
     *     come to its end
     */
    constructor(wasm, onSnapshot, onFailure) {
        this.#onFailure = onFailure;
        this.#memory = wasm.memory;
        wasm.onPanic((message) => this.#fail(new Error(message)));
        this.#calculation = new wasm.TempEta(() => {
            // What has broken down goes on ticking.
            const snapshot = this.snapshot(performance.now());
            if (!snapshot) return;
            this.#skipped = snapshot.skipped;
            this.#warnOfSkipped(snapshot.skipped);
            this.#guarded("snapshot", () => onSnapshot(snapshot));
        });
    }

    /**
     * @param {import("./types.js").Message} message of OctoPrint's socket, history or current
     * @param {number} now when it arrived, in ms of `performance.now()`
     * @returns {import("../wasm/temp_eta.js").Arrival[]} who has just arrived
     */
    ingest(message, now) {
        return (
            this.#guarded("message", () => this.#calculation?.ingest(message, now)) ?? []
        );
    }

    /** @param {import("../wasm/temp_eta.js").Settings} settings the plugin's, as saved */
    configure(settings) {
        this.#guarded("settings", () => this.#calculation?.configure(settings));
    }

    /** @param {import("../wasm/temp_eta.js").Profile} profile */
    equip(profile) {
        this.#guarded("profile", () => this.#calculation?.equip(profile));
    }

    /**
     * @param {number} now in ms of `performance.now()`
     * @returns {Snapshot | undefined}
     */
    snapshot(now) {
        return this.#guarded("snapshot", () => this.#calculation?.snapshot(now));
    }

    /**
     * @param {number} now in ms of `performance.now()`
     * @param {number} window in s
     * @returns {import("../wasm/temp_eta.js").Graph[]}
     */
    graph(now, window) {
        return this.#guarded("graph", () => this.#calculation?.graph(now, window)) ?? [];
    }

    /**
     * Takes in an algorithm of another plugin, or replaces it.
     *
     * @throws {TypeError | RangeError} if it is not of the right form, or one too many
     * @param {string} id
     * @param {import("../wasm/temp_eta.js").GuestEstimate} estimate
     */
    register(id, estimate) {
        try {
            this.#calculation?.register(id, estimate);
        } catch (error) {
            if (breaksDown(error)) this.#fail(error);
            throw error;
        }
    }

    /** @param {string} id of an algorithm that is not to be asked any more */
    dismiss(id) {
        this.#guarded("dismiss", () => this.#calculation?.dismiss(id));
    }

    /** @returns {import("../wasm/temp_eta.js").Learned[]} */
    learned() {
        return this.#guarded("learned", () => this.#calculation?.learned()) ?? [];
    }

    /** Forgets what the heaters of this printer have taught. */
    forget() {
        this.#guarded("forget", () => this.#calculation?.forget());
    }

    /** Another page has forgotten, or has made room: knows only what is stored. */
    recall() {
        this.#guarded("recall", () => this.#calculation?.recall());
    }

    /** @param {boolean} on whether times are measured; they begin anew */
    watch(on) {
        this.#guarded("watch", () => this.#calculation?.watch(on));
    }

    /** What the calculation costs and holds, `null` if there is none; memory in bytes. */
    diagnostics() {
        const measured = this.#guarded("diagnostics", () =>
            this.#calculation?.diagnostics(),
        );
        if (!measured) return null;
        const memory = this.#memory?.buffer.byteLength ?? 0;
        return { ...measured, memory, skipped: this.#skipped };
    }

    /**
     * @template T
     * @param {string} what
     * @param {() => T} action
     * @returns {T | undefined}
     */
    #guarded(what, action) {
        try {
            return action();
        } catch (error) {
            if (breaksDown(error)) this.#fail(error);
            else this.#warnOnce(what, error);
        }
    }

    // After a panic nothing in the module can be trusted, not even to be freed.
    /** @param {Error} error */
    #fail(error) {
        if (!this.#calculation) return;
        broken.push(this.#calculation);
        this.#calculation = undefined;
        this.#onFailure(error);
    }

    /** @param {Snapshot["skipped"]} skipped */
    #warnOfSkipped(skipped) {
        for (const [field, count] of Object.entries(skipped)) {
            if (count) this.#warnOnce(field, "invalid readings are skipped");
        }
    }

    /**
     * @param {string} what
     * @param {unknown} why
     */
    #warnOnce(what, why) {
        const which = `${what}: ${why}`;
        if (this.#warned.has(which)) return;
        this.#warned.add(which);
        console.warn(`Temperature ETA (${what}):`, why);
    }
}
