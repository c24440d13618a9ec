/**
 * Owns the only instance of the wasm module's `TempEta` class, stores what it learns, and handles
 * every error at that boundary, so that OctoPrint's page keeps working whatever happens in the
 * module.
 *
 * @typedef {import("../wasm/temp_eta.js").TempEta} TempEta
 * @typedef {import("../wasm/temp_eta.js").Snapshot} Snapshot
 * @typedef {import("./wasm.js").Module} Module
 */

import { LearnedModels } from "./storage.js";

/**
 * Instances that have failed. They are kept so that the garbage collector does not free them:
 * that would call into the failed module.
 *
 * @type {TempEta[]}
 */
const failed = [];

/** Error messages of wasm-bindgen and of browsers after which no call can succeed. */
const FATAL_MESSAGE = /recursive use|call stack|too much recursion/;

/**
 * @param {any} error
 * @returns {error is Error}
 */
const isFatal = (error) =>
    error instanceof WebAssembly.RuntimeError || FATAL_MESSAGE.test(error?.message);

export class Engine {
    /** @type {TempEta | undefined} */
    #core;
    #memory;
    #onFailure;
    #storage;
    /** @type {LearnedModels | undefined} */
    #models;
    /** @type {Snapshot["skipped"] | object} */
    #skipped = {};
    #warned = new Set();

    /**
     * @param {Module} wasm
     * @param {(snapshot: Snapshot) => void} onSnapshot called at each tick
     * @param {(error: Error) => void} onFailure called once, when the module has failed for
     *     good
     * @param {() => Storage} storage for what is learned; throws if there is none
     */
    constructor(wasm, onSnapshot, onFailure, storage) {
        this.#onFailure = onFailure;
        this.#storage = storage;
        this.#memory = wasm.memory;
        wasm.onPanic((message) => this.#fail(new Error(message)));
        this.#core = new wasm.TempEta(() => {
            // The ticker of a failed module keeps running.
            const snapshot = this.snapshot(performance.now());
            if (!snapshot) return;
            this.#skipped = snapshot.skipped;
            this.#warnAboutSkipped(snapshot.skipped);
            this.#guarded("snapshot", () => onSnapshot(snapshot));
        });
    }

    /**
     * @param {import("./types.js").Message} message of OctoPrint's socket, history or current
     * @param {number} now when the message arrived, in ms of `performance.now()`
     * @returns {import("../wasm/temp_eta.js").Arrival[]} heaters that have reached their goal
     *     with this message
     */
    ingest(message, now) {
        const arrivals = this.#guarded("message", () => this.#core?.ingest(message, now));
        this.#guarded("storage", () => {
            for (const update of this.#core?.taught() ?? [])
                this.#models?.save(update, this.#recall);
        });
        return arrivals ?? [];
    }

    /** @param {import("./types.js").Saved} settings the plugin's saved settings */
    configure(settings) {
        this.#guarded("settings", () => this.#core?.configure(settings));
        this.#guarded("heaters", () => this.#core?.choose(settings.heaters));
    }

    /** @param {import("./types.js").Profile} profile */
    setProfile(profile) {
        this.#guarded("profile", () => {
            this.#core?.equip(profile);
            if (this.#models?.printer === profile.id) return;
            this.#models = new LearnedModels(this.#storage, profile.id);
            this.#load();
        });
    }

    /**
     * @param {number} now in ms of `performance.now()`
     * @returns {Snapshot | undefined}
     */
    snapshot(now) {
        return this.#guarded("snapshot", () => this.#core?.snapshot(now));
    }

    /**
     * @param {number} now in ms of `performance.now()`
     * @param {number} window length of the history in s
     * @returns {import("../wasm/temp_eta.js").Graph[]}
     */
    graph(now, window) {
        return this.#guarded("graph", () => this.#core?.graph(now, window)) ?? [];
    }

    /**
     * Registers an algorithm of another plugin, or replaces the one with the same id.
     *
     * @throws {TypeError | RangeError} if the id is invalid or there are too many algorithms
     * @param {string} id
     * @param {import("../wasm/temp_eta.js").AlgorithmEstimate} estimate
     */
    register(id, estimate) {
        try {
            this.#core?.register(id, estimate);
        } catch (error) {
            if (isFatal(error)) this.#fail(error);
            throw error;
        }
    }

    /** @param {string} id */
    unregister(id) {
        this.#guarded("unregister", () => this.#core?.dismiss(id));
    }

    /**
     * The heaters and sensors that the printer has reported, counted or not.
     *
     * @returns {import("../wasm/temp_eta.js").Reported[]}
     */
    reported() {
        return this.#guarded("reported", () => this.#core?.reported()) ?? [];
    }

    /** @returns {import("../wasm/temp_eta.js").Learned[]} */
    learned() {
        return this.#guarded("learned", () => this.#core?.learned()) ?? [];
    }

    /** Deletes what was learned about the heaters of this printer. */
    forget() {
        this.#guarded("forget", () => {
            if (!this.#core) return;
            this.#models?.forget();
            this.#core.forget();
        });
    }

    /** Reads what was learned from the browser's storage again, after another tab changed it. */
    reloadLearned() {
        this.#guarded("reloadLearned", () => this.#load());
    }

    /** @param {boolean} on whether execution times are measured; they start from zero */
    measureTimes(on) {
        this.#guarded("measureTimes", () => this.#core?.watch(on));
    }

    /** Execution times and data held by the module, `memory` in bytes; `null` if it has failed. */
    diagnostics() {
        const measured = this.#guarded("diagnostics", () => this.#core?.diagnostics());
        if (!measured) return null;
        const memory = this.#memory?.buffer.byteLength ?? 0;
        return { ...measured, memory, skipped: this.#skipped };
    }

    /** Replaces what was learned by what is stored. */
    #load() {
        if (!this.#core || !this.#models) return;
        this.#core.forget();
        this.#models.load(this.#recall);
    }

    /** @type {import("./storage.js").Accept} */
    #recall = (heater, numbers) => {
        try {
            this.#core?.recall(heater, numbers);
            return true;
        } catch (error) {
            if (isFatal(error)) throw error;
            return false;
        }
    };

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
            if (isFatal(error)) this.#fail(error);
            else this.#warnOnce(what, error);
        }
    }

    // After a panic the module's memory may be inconsistent, so not even `free` is called.
    /** @param {Error} error */
    #fail(error) {
        if (!this.#core) return;
        failed.push(this.#core);
        this.#core = undefined;
        this.#onFailure(error);
    }

    /** @param {Snapshot["skipped"]} skipped */
    #warnAboutSkipped(skipped) {
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
