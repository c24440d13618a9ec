/**
 * Owns the only instance of the wasm module's `TempEta` class, has what it learns stored, and handles
 * every error at that boundary, so that OctoPrint's page keeps working whatever happens in the
 * module.
 *
 * @typedef {import("../wasm/temp_eta.js").TempEta} TempEta
 * @typedef {import("../wasm/temp_eta.js").Snapshot} Snapshot
 * @typedef {import("./wasm.js").Module} Module
 */

import { LearnedData } from "./learned_data.js";

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

/**
 * How long a tick waits for a message that may be about to arrive, in ms: more than the interval of
 * a printer's reports varies, and too short to be seen.
 */
const TICK_DELAY = 100;

export class Engine {
    /** @type {TempEta | undefined} */
    #core;
    #memory;
    #onFailure;
    #page;
    /** @type {LearnedData | undefined} */
    #data;
    /** @type {import("./learned_data.js").Access} */
    #access = { read: false, write: false };
    /** Whether OctoPrint has sent its history, so it can be asked. */
    #isConnected = false;
    /** @type {Snapshot["skipped"] | object} */
    #skipped = {};
    #warned = new Set();
    /** The timer of a tick that waits. */
    #waiting = 0;

    /**
     * @param {Module} wasm
     * @param {(snapshot: Snapshot) => void} onSnapshot called at each tick
     * @param {(error: Error) => void} onFailure called once, when the module has failed for
     *     good
     * @param {object} page where what is learned is stored
     * @param {() => Storage} page.storage throws if there is none
     * @param {import("./learned_server.js").LearnedServer} page.server
     * @param {() => void} [page.onLearned] called when something was learned, taken or deleted
     */
    constructor(wasm, onSnapshot, onFailure, page) {
        this.#onFailure = onFailure;
        this.#page = page;
        this.#memory = wasm.memory;
        wasm.onPanic((message) => this.#fail(new Error(message)));
        /** @param {number} now when the tick was due */
        const tick = (now) => {
            // The ticker of a failed module keeps running.
            const snapshot = this.snapshot(now);
            if (snapshot) this.#guarded("snapshot", () => onSnapshot(snapshot));
        };
        this.#core = new wasm.TempEta(() => {
            const due = performance.now();
            this.#waiting = setTimeout(() => {
                const now = performance.now();
                // In a hidden page a timer may wait for minutes.
                tick(now - due < 2 * TICK_DELAY ? due : now);
            }, TICK_DELAY);
        });
    }

    /** Drops a tick that waits, and lets a whole `update_interval` pass before the next one. */
    restartTicker() {
        clearTimeout(this.#waiting);
        this.#guarded("ticker", () => this.#core?.restartTicker());
    }

    /**
     * @param {import("./types.js").Message} message of OctoPrint's socket, history or current
     * @param {number} now when the message arrived, in ms of `performance.now()`
     * @returns {import("../wasm/temp_eta.js").PrinterEvent[]} what has just happened
     *     with this message
     */
    ingest(message, now) {
        const events = this.#guarded("message", () => this.#core?.ingest(message, now));
        this.#guarded("storage", () => {
            for (const update of this.#core?.taught() ?? []) this.#data?.save(update);
        });
        return events ?? [];
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
            this.#setPrinter(profile);
        });
    }

    /**
     * Takes what was learned about a printer whose profile is not known.
     *
     * @param {Pick<import("./types.js").Profile, "id" | "profileId">} printer
     */
    setPrinter(printer) {
        this.#guarded("printer", () => this.#setPrinter(printer));
    }

    /** @param {Pick<import("./types.js").Profile, "id" | "profileId">} printer */
    #setPrinter(printer) {
        if (!this.#core || this.#data?.printer === printer.id) return;
        this.#data?.close();
        this.#data = new LearnedData(printer, {
            ...this.#page,
            core: this.#calculation,
            onChange: () => this.#page.onLearned?.(),
            onError: (error) => this.#handle("learned", error),
        });
        this.#data.load();
        this.#allow();
    }

    /**
     * @param {number} now in ms of `performance.now()`
     * @returns {Snapshot | undefined}
     */
    snapshot(now) {
        const snapshot = this.#guarded("snapshot", () => this.#core?.snapshot(now));
        if (snapshot) {
            this.#skipped = snapshot.skipped;
            this.#warnAboutSkipped(snapshot.skipped);
        }
        return snapshot;
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

    /**
     * Deletes what was learned about the heaters of this printer.
     *
     * @returns {Promise<boolean>} whether that was possible
     */
    async forget() {
        if (this.#data) return (await this.#data.forget()) ?? false;
        this.#guarded("forget", () => this.#core?.forget());
        return Boolean(this.#core);
    }

    /** Reads what was learned from the browser's storage again, after another tab changed it. */
    reloadLearned() {
        this.#guarded("reloadLearned", () => this.#data?.load());
    }

    /**
     * The page has connected, or again. Resolves when it is known what was learned.
     *
     * @returns {Promise<unknown>}
     */
    async connected() {
        this.#isConnected = true;
        this.#allow();
        return this.#data?.refresh();
    }

    /** @param {import("./learned_data.js").Access} access what the user may do */
    allow(access) {
        this.#access = access;
        this.#allow();
    }

    /** @param {object} change OctoPrint's message that another has learned or deleted something */
    announceLearned(change) {
        this.#data?.announce(change);
    }

    /** Why what is learned stays in this browser; empty if OctoPrint keeps it. */
    get problem() {
        if (!this.#core) return "not_running";
        return this.#data?.problem ?? "no_answer";
    }

    /** What was learned, as lists of numbers by heater. */
    get states() {
        return this.#data?.states ?? new Map();
    }

    /**
     * Takes states in place of those of the same heaters.
     *
     * @param {Map<string, number[]>} states
     * @returns {Promise<boolean>} whether OctoPrint has stored them
     */
    async replaceLearned(states) {
        return (await this.#data?.replace(states)) ?? false;
    }

    /**
     * How many heat-ups and cool-downs a state was learned from; -1 if it is invalid.
     *
     * @param {string} heater
     * @param {number[]} numbers
     */
    experience(heater, numbers) {
        return this.#guarded("experience", () => this.#experience(heater, numbers)) ?? -1;
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

    #allow() {
        const nothing = { read: false, write: false };
        this.#data?.allow(this.#isConnected ? this.#access : nothing);
    }

    /** @type {import("./learned_data.js").Calculation} */
    #calculation = {
        recall: (heater, numbers) => {
            const recalled = this.#unlessInvalid((core) => core.recall(heater, numbers));
            return recalled !== null;
        },
        experience: (heater, numbers) => this.#experience(heater, numbers),
        forget: () => this.#core?.forget(),
    };

    /**
     * @param {string} heater
     * @param {number[]} numbers
     */
    #experience(heater, numbers) {
        const known = this.#unlessInvalid((core) => core.experience(heater, numbers));
        return known ? known.heatUps + known.coolDowns : -1;
    }

    /**
     * The result of `action`; `null` if the module rejects its arguments.
     *
     * @template T
     * @param {(core: TempEta) => T} action
     */
    #unlessInvalid(action) {
        try {
            return this.#core ? action(this.#core) : null;
        } catch (error) {
            if (isFatal(error)) throw error;
            return null;
        }
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
            this.#handle(what, error);
        }
    }

    /**
     * @param {string} what
     * @param {unknown} error
     */
    #handle(what, error) {
        if (isFatal(error)) this.#fail(error);
        else this.#warnOnce(what, error);
    }

    // After a panic the module's memory may be inconsistent, so not even `free` is called.
    /** @param {Error} error */
    #fail(error) {
        if (!this.#core) return;
        failed.push(this.#core);
        this.#core = undefined;
        // What is stored stays as it is.
        this.#data?.close();
        this.#data = undefined;
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
