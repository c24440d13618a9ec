/**
 * What was learned from a printer's heaters, in the browser's local storage: an entry per heater,
 * `temp_eta/2/<printer>/<heater>`, which is a `Copy` in JSON. A printer's name may contain slashes;
 * a heater with one in its name is not stored here. If the storage is blocked or full, what is
 * learned here lasts as long as the page.
 *
 * Version 1 had only the numbers, as OctoPrint did not keep them yet.
 *
 * @typedef {import("../wasm/temp_eta.js").StateUpdate} StateUpdate
 *
 * @typedef {object} Copy the state of a heater in this browser
 * @property {number[]} numbers the state
 * @property {string} file id of OctoPrint's file that it is a copy of, or based on; empty if there
 *     is none
 * @property {number} revision of the heater's entry in that file; 0 for no entry
 * @property {boolean} changed whether it is newer than that entry
 * @property {boolean} [replaces] whether it is to be stored whatever that entry is, as the user has
 *     imported it; for as long as the page is open
 */

/** Prefix of all of the plugin's keys. */
const PLUGIN_PREFIX = "temp_eta/";

/** Prefix of copies in this format. */
const PREFIX = `${PLUGIN_PREFIX}2/`;

/** Prefix of states in the format of version 0.1.0. */
const PREFIX_1 = `${PLUGIN_PREFIX}1/`;

/** Prefix of those that could not be read. */
const ASIDE_PREFIX = `${PLUGIN_PREFIX}aside/1/`;

/** Longest entry, in characters. */
const MAX_ENTRY = 4000;

/** Most characters of all of the plugin's entries and their keys together. */
const MAX_TOTAL = 60_000;

/** Updates up to this many s apart are the same one: stored times are rounded. */
const SAME_UPDATE = 1;

/** A stored update more than this many s later than a new one was made before the server's
 * clock was set back. */
const FUTURE_LIMIT = 60;

/**
 * Whether another tab has removed what was learned.
 *
 * @param {Pick<StorageEvent, "key" | "newValue">} event
 */
export function isRemoval({ key, newValue }) {
    return newValue === null && (key === null || key.startsWith(PREFIX));
}

/**
 * Whether a stored state contains an update that `update` is not based on: another tab has learned
 * the same, and perhaps more.
 *
 * @param {StateUpdate} update
 * @param {number[]} stored
 */
export function isNewerThan({ numbers: [, time], basedOn }, [, storedTime]) {
    return storedTime > basedOn + SAME_UPDATE && storedTime <= time + FUTURE_LIMIT;
}

/**
 * Server time of the newest update of a state, in s.
 *
 * @param {number[]} numbers
 */
export const updatedAt = (numbers) => numbers[1] ?? 0;

/** What was learned from the heaters of one printer, as stored in this browser. Never throws. */
export class LocalCopies {
    #storage;
    #prefix;
    #prefix1;
    #asidePrefix;

    /**
     * @param {() => Storage} storage throws if there is none
     * @param {string} printer
     */
    constructor(storage, printer) {
        this.#storage = storage;
        this.#prefix = `${PREFIX}${printer}/`;
        this.#prefix1 = `${PREFIX_1}${printer}/`;
        this.#asidePrefix = `${ASIDE_PREFIX}${printer}/`;
    }

    /**
     * All copies, by heater; what could not be read is set aside.
     *
     * @returns {Map<string, Copy>}
     */
    load() {
        const copies = this.#convert();
        const heaters = this.#keys().map((key) => heaterOf(key, this.#prefix));
        for (const heater of heaters) {
            const copy = heater && this.read(heater);
            if (copy) copies.set(heater, copy);
        }
        return copies;
    }

    /**
     * The copy of a heater; `null` if there is none. One that cannot be read is set aside.
     *
     * @param {string} heater
     * @returns {Copy | null}
     */
    read(heater) {
        const text = this.#read(this.#prefix + heater);
        if (text === null || heater.includes("/")) return null;
        const copy = parse(text);
        if (!copy) this.#setAside(this.#prefix, heater);
        return copy;
    }

    /**
     * @param {string} heater
     * @param {Copy} copy
     */
    write(heater, copy) {
        if (heater.includes("/")) return;
        const { numbers, file, revision, changed } = copy;
        const entry = JSON.stringify({ numbers, file, revision, changed });
        if (entry.length <= MAX_ENTRY) this.#write(this.#prefix + heater, entry);
    }

    /** @param {string} heater */
    remove(heater) {
        if (!heater.includes("/")) this.#remove(this.#prefix + heater);
    }

    /**
     * Sets an entry aside that the calculation cannot use.
     *
     * @param {string} heater
     */
    setAside(heater) {
        if (!heater.includes("/")) this.#setAside(this.#prefix, heater);
    }

    /** Removes all copies, also those that could not be read. */
    forget() {
        const prefixes = [this.#prefix, this.#prefix1, this.#asidePrefix];
        const isOfPrinter = (/** @type {string} */ key) =>
            prefixes.some((it) => heaterOf(key, it) !== null);
        this.#keys().filter(isOfPrinter).forEach(this.#remove, this);
    }

    /**
     * Takes what version 0.1.0 has stored, perhaps in a tab that is still open; returns what there
     * is no room for in the new format.
     */
    #convert() {
        /** @type {Map<string, Copy>} */
        const left = new Map();
        for (const key of this.#keys()) {
            const heater = heaterOf(key, this.#prefix1);
            const text = heater ? this.#read(key) : null;
            if (!heater || text === null) continue;
            const numbers = parseNumbers(text);
            if (!numbers) {
                this.#setAside(this.#prefix1, heater);
                continue;
            }
            const known = this.read(heater);
            // First removed: there may be no room for both.
            this.#remove(key);
            if (known && updatedAt(known.numbers) >= updatedAt(numbers)) continue;
            const copy = { numbers, file: "", revision: 0, changed: true };
            const isWritten = this.#write(this.#prefix + heater, JSON.stringify(copy));
            if (isWritten) continue;
            this.#write(key, text);
            left.set(heater, copy);
        }
        return left;
    }

    /**
     * @param {string} prefix
     * @param {string} heater
     */
    #setAside(prefix, heater) {
        const text = this.#read(prefix + heater) ?? "";
        this.#write(this.#asidePrefix + heater, text.slice(0, MAX_ENTRY));
        this.#remove(prefix + heater);
    }

    /**
     * Writes an entry, and removes the oldest others if all together are too long.
     *
     * @param {string} key
     * @param {string} text
     * @returns {boolean} whether it is stored
     */
    #write(key, text) {
        const others = this.#keys()
            .filter((other) => other !== key)
            .map((other) => ({ key: other, text: this.#read(other) ?? "" }))
            .sort((a, b) => age(b.text) - age(a.text));
        let total = key.length + text.length;
        for (const other of others) {
            total += other.key.length + other.text.length;
            if (total > MAX_TOTAL) this.#remove(other.key);
        }
        const done = this.#attempt((storage) => {
            storage.setItem(key, text);
            return true;
        });
        return done ?? false;
    }

    /** All of the plugin's keys. */
    #keys() {
        const keys = this.#attempt((storage) =>
            Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ""),
        );
        return keys?.filter((key) => key.startsWith(PLUGIN_PREFIX)) ?? [];
    }

    /** @param {string} key */
    #read(key) {
        return this.#attempt((storage) => storage.getItem(key));
    }

    /** @param {string} key */
    #remove(key) {
        this.#attempt((storage) => storage.removeItem(key));
    }

    /**
     * The result of `action`, or `null` if the storage is blocked or full.
     *
     * @template T
     * @param {(storage: Storage) => T} action
     */
    #attempt(action) {
        try {
            return action(this.#storage());
        } catch {
            return null;
        }
    }
}

/**
 * The heater whose state has this key; `null` if the key does not start with `prefix`, or is that
 * of a printer whose name is longer.
 *
 * @param {string} key
 * @param {string} prefix
 */
function heaterOf(key, prefix) {
    const heater = key.startsWith(prefix) ? key.slice(prefix.length) : "/";
    return heater.includes("/") ? null : heater;
}

/**
 * The time of the last update in an entry of either version, in s; 0 if there is none.
 *
 * @param {string} text
 */
function age(text) {
    return updatedAt(parse(text)?.numbers ?? parseNumbers(text) ?? []);
}

/**
 * @param {string} text
 * @returns {Copy | null}
 */
function parse(text) {
    const { numbers, file, revision, changed } = parseJson(text) ?? {};
    const isCopy =
        isState(numbers) &&
        typeof file === "string" &&
        Number.isSafeInteger(revision) &&
        typeof changed === "boolean";
    return isCopy ? { numbers, file, revision, changed } : null;
}

/**
 * @param {string} text
 * @returns {number[] | null}
 */
function parseNumbers(text) {
    const numbers = parseJson(text);
    return isState(numbers) ? numbers : null;
}

/** @param {string} text */
function parseJson(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/**
 * Whether a value can be a state: a list of numbers.
 *
 * @param {unknown} value
 * @returns {value is number[]}
 */
export const isState = (value) => Array.isArray(value) && value.every(Number.isFinite);
