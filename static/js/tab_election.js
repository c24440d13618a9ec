/**
 * Elects one of the browser's tabs to handle an event: the first one that claims it. The tabs
 * share only local storage, because the Web Locks API needs a secure context and OctoPrint is
 * usually served over plain HTTP.
 */

/** Time in ms in which all tabs see each other's claims. Browsers pass stored values on in some 30 ms,
 * and in 200 ms on a computer with fifteen programs for each of its cores. If it takes longer, two
 * tabs may play the same melody. */
const SETTLING_TIME = 1000;

/** A claim this many s or more in the future, by the server's clock, was made before that
 * clock was set back, and no longer counts. */
const FUTURE_LIMIT = 60;

export class TabElection {
    #storage;
    #prefix;
    #tab = Math.random().toString(36).slice(2);
    #wait;

    /**
     * @param {() => Storage} storage throws if there is none
     * @param {string} prefix of its keys
     * @param {(ms: number) => Promise<void>} wait
     */
    constructor(storage, prefix, wait) {
        this.#storage = storage;
        this.#prefix = prefix;
        this.#wait = wait;
    }

    /**
     * Whether this tab is to handle the event; no tab handles it again within `minInterval`.
     *
     * @param {string} event
     * @param {number} time of the event, in s of the server's clock
     * @param {number} minInterval in s
     * @param {number} delay head start for tabs that are better suited, in ms
     */
    async claim(event, time, minInterval, delay) {
        const key = `${this.#prefix}/${event}`;
        await this.#wait(delay);
        try {
            const storage = this.#storage();
            const last = parse(storage.getItem(key));
            const isRecent = last && time - last.time < Math.max(minInterval, 1);
            if (isRecent && last.time - time < FUTURE_LIMIT) return false;
            storage.setItem(key, JSON.stringify({ time, page: this.#tab }));
            await this.#wait(SETTLING_TIME);
            return parse(storage.getItem(key))?.page === this.#tab;
        } catch {
            // Tabs cannot agree without storage; an alert twice is better than none.
            return true;
        }
    }
}

/**
 * @param {string | null} text
 * @returns {{time: number, page: string} | null}
 */
function parse(text) {
    try {
        // JSON.parse(null) is null.
        const claim = JSON.parse(/** @type {string} */ (text));
        return Number.isFinite(claim?.time) ? claim : null;
    } catch {
        return null;
    }
}
