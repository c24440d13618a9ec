/**
 * The states of a printer's heaters that a page knows, and where they come from: this browser has a
 * copy of what OctoPrint keeps, or knows more.
 *
 * @typedef {import("./storage.js").Copy} Copy
 * @typedef {import("./storage.js").StateUpdate} StateUpdate
 * @typedef {import("./learned_data.js").Calculation} Calculation
 * @typedef {import("./learned_data.js").Entry} Entry
 * @typedef {import("./learned_server.js").Head} Head
 *
 * @typedef {Pick<Head, "file" | "revision">} KnownFile OctoPrint's, as it was last read
 */

import { isNewerThan, LocalCopies, updatedAt } from "./storage.js";

export class Copies {
    #core;
    #local;
    /** @type {Map<string, Copy>} */
    #copies = new Map();
    /** The revisions of OctoPrint's entries, by heater, as far as they are known. */
    #revisions = new Map();

    /**
     * @param {Calculation} core
     * @param {() => Storage} storage throws if there is none
     * @param {string} printer
     */
    constructor(core, storage, printer) {
        this.#core = core;
        this.#local = new LocalCopies(storage, printer);
    }

    /** The states of all heaters. */
    get states() {
        return new Map(
            [...this.#copies].map(([heater, { numbers }]) => [heater, numbers]),
        );
    }

    /** What OctoPrint does not have yet. */
    get changed() {
        return [...this.#copies].filter(([, { changed }]) => changed);
    }

    /** Takes what is stored in this browser, in place of everything the core has learned. */
    load() {
        this.#core.forget();
        this.#copies = this.#local.load();
        this.#recallAll();
    }

    /** Deletes everything, in this browser as well. */
    forget() {
        this.#revisions.clear();
        this.#local.forget();
        this.#copies.clear();
        this.#core.forget();
    }

    /**
     * Keeps what the core has learned; returns false if another tab of this browser has learned the
     * same, whose state is taken then.
     *
     * @param {StateUpdate} update
     * @param {KnownFile | null} known
     */
    save(update, known) {
        const { heater, numbers } = update;
        const other = this.#local.read(heater);
        if (other && isNewerThan(update, other.numbers)) {
            if (this.#core.recall(heater, other.numbers)) {
                this.#copies.set(heater, other);
                return false;
            }
            this.#local.setAside(heater);
        }
        const base = this.#copies.get(heater) ?? this.#present(heater, known);
        const { file, revision } = base;
        this.#keep(heater, { numbers, file, revision, changed: true });
        return true;
    }

    /**
     * Takes a valid state, to be stored in place of the present one.
     *
     * @param {string} heater
     * @param {number[]} numbers
     * @param {KnownFile | null} known
     */
    replace(heater, numbers, known) {
        this.#core.recall(heater, numbers);
        const changes = { numbers, changed: true, replaces: true };
        this.#keep(heater, { ...this.#present(heater, known), ...changes });
    }

    /**
     * OctoPrint has stored a copy.
     *
     * @param {Head} head
     * @param {string} heater
     * @param {Copy} copy
     */
    stored({ file, revision }, heater, copy) {
        this.#revisions.set(heater, revision);
        // It may have learned more since.
        const now = this.#copies.get(heater);
        if (!now) return;
        const { numbers } = now;
        this.#keep(heater, { numbers, file, revision, changed: now !== copy });
    }

    /**
     * Compares copies with OctoPrint's entries, and takes one or the other.
     *
     * @param {import("./learned_server.js").Head} head of OctoPrint's file
     * @param {string[]} heaters those to be compared
     * @param {Map<string, Entry>} entries OctoPrint's
     */
    reconcile(head, heaters, entries) {
        let isDeleted = false;
        for (const heater of heaters) {
            const entry = entries.get(heater);
            if (entry) this.#take(head, heater, entry);
            else isDeleted = this.#miss(head, heater) || isDeleted;
        }
        if (!isDeleted) return;
        this.#core.forget();
        this.#recallAll();
    }

    /**
     * Takes OctoPrint's entry, unless this browser knows more.
     *
     * @param {import("./learned_server.js").Head} head
     * @param {string} heater
     * @param {Entry} entry
     */
    #take({ file, revision: newest, deletedAt }, heater, { numbers, revision }) {
        this.#revisions.set(heater, revision);
        const copy = this.#copies.get(heater);
        const isOfFile = copy?.file === file && copy.revision <= newest;
        if (isOfFile && copy.revision === revision) return;
        if (copy?.replaces) {
            this.#keep(heater, { ...copy, file, revision });
            return;
        }
        // A copy from before everything was deleted does not come back.
        const outlived = copy && updatedAt(copy.numbers) > deletedAt;
        if (outlived && (copy.changed || !isOfFile)) {
            const own = this.#core.experience(heater, copy.numbers);
            if (own > this.#core.experience(heater, numbers)) {
                this.#keep(heater, { ...copy, file, revision, changed: true });
                return;
            }
        }
        // One that is invalid is replaced when there is something new.
        if (this.#core.recall(heater, numbers))
            this.#keep(heater, { numbers, file, revision, changed: false });
    }

    /**
     * OctoPrint has no entry: it was deleted, or never written. Returns whether the copy was deleted
     * as well.
     *
     * @param {import("./learned_server.js").Head} head
     * @param {string} heater
     */
    #miss({ file, revision, deletedAt }, heater) {
        this.#revisions.delete(heater);
        const copy = this.#copies.get(heater);
        if (!copy) return false;
        const isOfFile = copy.file === file && copy.revision <= revision;
        const isDeleted =
            !copy.replaces &&
            ((isOfFile && copy.revision > 0) || updatedAt(copy.numbers) <= deletedAt);
        if (isDeleted) {
            this.#copies.delete(heater);
            this.#local.remove(heater);
            return true;
        }
        this.#keep(heater, { ...copy, file, revision: 0, changed: true });
        return false;
    }

    /**
     * The place of OctoPrint's present entry.
     *
     * @param {string} heater
     * @param {KnownFile | null} known
     */
    #present(heater, known) {
        return { file: known?.file ?? "", revision: this.#revisions.get(heater) ?? 0 };
    }

    /**
     * @param {string} heater
     * @param {Copy} copy
     */
    #keep(heater, copy) {
        this.#copies.set(heater, copy);
        this.#local.write(heater, copy);
    }

    #recallAll() {
        for (const [heater, { numbers }] of this.#copies) {
            if (this.#core.recall(heater, numbers)) continue;
            this.#copies.delete(heater);
            this.#local.setAside(heater);
        }
    }
}
