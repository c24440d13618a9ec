/**
 * What was learned from the heaters of one printer. OctoPrint keeps it for all browsers and for MQTT
 * publishing; this browser has a copy, for when OctoPrint does not answer and for users who may not
 * write there.
 *
 * Nothing is polled: it is read when the page has connected and when OctoPrint says that another has
 * written, and written when this page has learned something. Whoever writes first after an arrival
 * has learned from it for all: the others take that state.
 *
 * @typedef {import("./storage.js").Copy} Copy
 * @typedef {import("./storage.js").StateUpdate} StateUpdate
 * @typedef {import("./learned_server.js").LearnedServer} LearnedServer
 *
 * @typedef {object} Entry
 * @property {number} revision
 * @property {number[]} numbers
 *
 * @typedef {object} Calculation the part of the core that is needed; may throw if it has failed
 * @property {(heater: string, numbers: number[]) => boolean} recall takes a state; returns whether
 *     it is valid
 * @property {(heater: string, numbers: number[]) => number} experience how many heat-ups and
 *     cool-downs a state was learned from; -1 if it is invalid
 * @property {() => void} forget
 *
 * @typedef {object} Access what the user may do
 * @property {boolean} read
 * @property {boolean} write
 * @property {boolean} [profiles] whether OctoPrint tells its printer profiles
 *
 * @typedef {"" | "no_permission" | "no_answer" | "unwritable" | "unreadable" | "not_running"} Problem
 *     why what this page learns stays in this browser; empty if OctoPrint keeps it
 */

import { Copies } from "./copies.js";

/** How often another may be faster until a state is not written before there is something new. */
const MAX_LOST = 5;

export class LearnedData {
    #profile;
    #server;
    #copies;
    #onChange;
    #onError;
    /**
     * OctoPrint's file as it was last read; `null` before that.
     *
     * @type {import("./copies.js").KnownFile | null}
     */
    #read = null;
    /** Whether there may be something new that OctoPrint has not announced. */
    #isOutdated = false;
    /** The newest revision that OctoPrint has announced. */
    #announced = 0;
    /**
     * How often another was faster since a heater has learned something; infinite for a heater that
     * OctoPrint does not accept.
     *
     * @type {Map<string, number>}
     */
    #lost = new Map();
    /** @type {Access} */
    #access = { read: false, write: false };
    /** @type {Problem} */
    #problem = "no_answer";
    /** Requests, one after the other. */
    #queue = Promise.resolve();
    #isQueued = false;
    #isClosed = false;

    /**
     * @param {object} printer
     * @param {string} printer.id in the browser's storage
     * @param {string} printer.profileId OctoPrint's id of its profile
     * @param {object} page
     * @param {() => Storage} page.storage throws if there is none
     * @param {LearnedServer} page.server
     * @param {Calculation} page.core
     * @param {() => void} page.onChange called when something has changed
     * @param {(error: unknown) => void} page.onError called when the core has failed
     */
    constructor({ id, profileId }, { storage, server, core, onChange, onError }) {
        this.printer = id;
        this.#profile = profileId;
        this.#copies = new Copies(core, storage, id);
        this.#server = server;
        this.#onChange = onChange;
        this.#onError = onError;
    }

    /** Why what is learned stays in this browser; empty if OctoPrint keeps it. */
    get problem() {
        return this.#access.write ? this.#problem : "no_permission";
    }

    /** The states of all heaters. */
    get states() {
        return this.#copies.states;
    }

    /** Takes what is stored in this browser, in place of everything the core has learned. */
    load() {
        this.#copies.load();
        this.refresh();
    }

    /** Nothing is read or written any more. */
    close() {
        this.#isClosed = true;
    }

    /** @param {Access} access */
    allow(access) {
        this.#access = access;
        this.#synchronize();
    }

    /** Reads OctoPrint's file again: there may have been messages that this page did not get. */
    refresh() {
        this.#isOutdated = true;
        return this.#synchronize();
    }

    /**
     * OctoPrint says that a state was written, or all were deleted.
     *
     * @param {{profile?: unknown, revision?: unknown}} change
     */
    announce({ profile, revision }) {
        if (profile !== this.#profile || !Number.isSafeInteger(revision)) return;
        this.#announced = Math.max(this.#announced, Number(revision));
        this.#synchronize();
    }

    /**
     * Stores what the core has learned, unless another tab of this browser has learned the same.
     *
     * @param {StateUpdate} update
     */
    save(update) {
        const { heater } = update;
        if (!this.#copies.save(update, this.#read)) {
            this.#synchronize();
            return;
        }
        if (Number.isFinite(this.#timesLost(heater))) this.#lost.delete(heater);
        this.#onChange();
        this.#synchronize();
    }

    /**
     * Deletes what was learned, in OctoPrint's file as well if the user may do that.
     *
     * @returns {Promise<boolean | undefined>} whether that was possible
     */
    forget() {
        return this.#enqueue(async () => {
            if (this.#access.write) {
                const answer = await this.#answer(this.#server.forget(this.#profile));
                if (!answer || this.#isClosed) return false;
                this.#note(answer);
                if (answer.result !== "stored") {
                    if (this.#problem !== "unreadable") this.#problem = "unwritable";
                    return false;
                }
            }
            this.#copies.forget();
            // What OctoPrint keeps is used again.
            if (!this.#access.write) this.refresh();
            this.#onChange();
            return true;
        });
    }

    /**
     * Takes states in place of those of the same heaters.
     *
     * @param {Map<string, number[]>} states valid ones
     * @returns {Promise<boolean>} whether OctoPrint has stored them
     */
    async replace(states) {
        await this.#enqueue(async () => {
            const isKnown = this.#read && !this.#isOutdated;
            if (this.#access.read && !isKnown) await this.#readAll();
            if (this.#isClosed) return;
            for (const [heater, numbers] of states)
                this.#copies.replace(heater, numbers, this.#read);
            this.#onChange();
        });
        await this.#synchronize();
        return !this.#copies.changed.some(([heater]) => states.has(heater));
    }

    /**
     * Runs `job` after the requests that are under way.
     *
     * @template T
     * @param {() => Promise<T>} job
     * @returns {Promise<T | undefined>} `undefined` if the core has failed
     */
    #enqueue(job) {
        const done = this.#queue.then(job).catch((error) => {
            this.#onError(error);
            return undefined;
        });
        this.#queue = done.then(() => {});
        return done;
    }

    /** Reads and writes what is due. */
    #synchronize() {
        if (this.#isQueued || this.#isClosed) return this.#queue;
        this.#isQueued = true;
        this.#enqueue(async () => {
            this.#isQueued = false;
            if (!this.#access.read) return;
            while (await this.#request());
            if (!this.#isClosed) this.#onChange();
        });
        return this.#queue;
    }

    /** Makes the next request that is due; returns whether there may be another. */
    #request() {
        if (this.#isClosed) return false;
        const isBehind = !this.#read || this.#announced > this.#read.revision;
        if (this.#isOutdated || isBehind) return this.#readAll();
        const changed = this.#copies.changed.find(
            ([heater]) => this.#timesLost(heater) < MAX_LOST,
        );
        return changed && this.#access.write ? this.#write(...changed) : false;
    }

    /** @param {string} heater */
    #timesLost(heater) {
        return this.#lost.get(heater) ?? 0;
    }

    async #readAll() {
        const announced = this.#announced;
        this.#isOutdated = false;
        const content = await this.#answer(this.#server.read(this.#profile));
        if (this.#isClosed) return false;
        if (!content?.readable) {
            this.#isOutdated = true;
            if (content) this.#problem = "unreadable";
            return false;
        }
        this.#problem = "";
        const { file, revision, heaters } = content;
        this.#read = { file, revision };
        // What was announced may have been of another file.
        if (this.#announced === announced) this.#announced = revision;
        const all = new Set([...this.#copies.states.keys(), ...heaters.keys()]);
        this.#copies.reconcile(content, [...all], heaters);
        return true;
    }

    /**
     * @param {string} heater
     * @param {Copy} copy
     */
    async #write(heater, copy) {
        const answer = await this.#answer(
            this.#server.store(this.#profile, heater, copy),
        );
        if (!answer || this.#isClosed) return false;
        if (answer.result === "refused") {
            this.#lost.set(heater, Number.POSITIVE_INFINITY);
            return true;
        }
        if (answer.result === "unwritable") {
            this.#problem = "unwritable";
            return false;
        }
        this.#problem = "";
        this.#note(answer);
        const { result, entry } = answer;
        if (result === "stored") {
            this.#copies.stored(answer, heater, copy);
        } else {
            this.#lost.set(heater, this.#timesLost(heater) + 1);
            // All may have been deleted, of which this answer tells one heater.
            if (!entry) this.#isOutdated = true;
            const present = new Map(entry ? [[heater, entry]] : []);
            this.#copies.reconcile(answer, [heater], present);
        }
        return true;
    }

    /**
     * Notes that the file has changed. If it was by one step, that is known already.
     *
     * @param {import("./learned_server.js").Head} head
     */
    #note({ file, revision }) {
        const known = this.#read;
        const steps = known?.file === file ? revision - known.revision : Number.NaN;
        if (steps === 0 || steps === 1) this.#read = { file, revision };
        else this.#isOutdated = true;
    }

    /**
     * The answer to a request; `null` if there is none.
     *
     * @template T
     * @param {Promise<T>} request
     */
    async #answer(request) {
        try {
            return await request;
        } catch {
            this.#problem = "no_answer";
            return null;
        }
    }
}
