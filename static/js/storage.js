/**
 * What was learned from a printer's heaters, in the browser's local storage: an entry per heater,
 * `temp_eta/1/<printer>/<heater>`, which is its state as a list of numbers in JSON. A printer's
 * name may contain slashes; a heater with one in its name is not stored. If the storage is blocked
 * or full, what is learned lasts as long as the page.
 *
 * @typedef {import("../wasm/temp_eta.js").StateUpdate} StateUpdate
 *
 * @typedef {(heater: string, numbers: number[]) => boolean} Accept takes a stored state;
 *     returns whether it is valid
 */

/** Prefix of all of the plugin's keys. */
const PLUGIN_PREFIX = "temp_eta/";

/** Prefix of states in this format. */
const PREFIX = `${PLUGIN_PREFIX}1/`;

/** Prefix of those that could not be read. */
const ASIDE_PREFIX = `${PLUGIN_PREFIX}aside/1/`;

/** Longest entry, in characters. */
const MAX_ENTRY = 2000;

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

/** What was learned from the heaters of one printer. Only `accept` may throw. */
export class LearnedModels {
    #storage;
    #prefix;
    #asidePrefix;

    /**
     * @param {() => Storage} storage throws if there is none
     * @param {string} printer
     */
    constructor(storage, printer) {
        this.#storage = storage;
        this.printer = printer;
        this.#prefix = `${PREFIX}${printer}/`;
        this.#asidePrefix = `${ASIDE_PREFIX}${printer}/`;
    }

    /** @param {Accept} accept called with each state */
    load(accept) {
        for (const key of this.#keys()) {
            const heater = heaterOf(key, this.#prefix);
            const text = heater ? this.#read(key) : null;
            if (!heater || text === null) continue;
            const numbers = parse(text);
            if (!numbers || !accept(heater, numbers)) this.#setAside(heater, text);
        }
    }

    /**
     * Stores an update, unless another tab has stored a newer one.
     *
     * @param {StateUpdate} update
     * @param {Accept} accept called with the newer state
     */
    save(update, accept) {
        const { heater, numbers } = update;
        if (heater.includes("/")) return;
        const key = this.#prefix + heater;
        const text = this.#read(key);
        if (text !== null) {
            const stored = parse(text);
            const isNewer = stored && isNewerThan(update, stored);
            if (isNewer && accept(heater, stored)) return;
            if (isNewer || !stored) this.#setAside(heater, text);
        }
        const entry = JSON.stringify(numbers);
        if (entry.length <= MAX_ENTRY) this.#write(key, entry);
    }

    /** Removes all states, also those that could not be read. */
    forget() {
        const isOfPrinter = (/** @type {string} */ key) =>
            [this.#prefix, this.#asidePrefix].some((it) => heaterOf(key, it) !== null);
        this.#keys().filter(isOfPrinter).forEach(this.#remove, this);
    }

    /**
     * @param {string} heater
     * @param {string} text
     */
    #setAside(heater, text) {
        this.#write(this.#asidePrefix + heater, text.slice(0, MAX_ENTRY));
        this.#remove(this.#prefix + heater);
    }

    /**
     * Writes an entry, and removes the oldest others if all together are too long.
     *
     * @param {string} key
     * @param {string} text
     */
    #write(key, text) {
        const others = this.#keys()
            .filter((other) => other !== key)
            .map((other) => ({ key: other, text: this.#read(other) ?? "" }))
            .sort((a, b) => updatedAt(b.text) - updatedAt(a.text));
        let total = key.length + text.length;
        for (const other of others) {
            total += other.key.length + other.text.length;
            if (total > MAX_TOTAL) this.#remove(other.key);
        }
        this.#attempt((storage) => storage.setItem(key, text));
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
 * Whether a stored state contains an update that `update` is not based on: another tab has learned
 * the same, and perhaps more.
 *
 * @param {StateUpdate} update
 * @param {number[]} stored
 */
function isNewerThan({ numbers: [, time], basedOn }, [, storedTime]) {
    return storedTime > basedOn + SAME_UPDATE && storedTime <= time + FUTURE_LIMIT;
}

/**
 * The time of the last update in an entry, its second number, in s; 0 if there is none.
 *
 * @param {string} text
 */
function updatedAt(text) {
    return parse(text)?.[1] ?? 0;
}

/**
 * @param {string} text
 * @returns {number[] | null}
 */
function parse(text) {
    try {
        const numbers = JSON.parse(text);
        return Array.isArray(numbers) && numbers.every(Number.isFinite) ? numbers : null;
    } catch {
        return null;
    }
}
