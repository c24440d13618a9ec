/**
 * Agrees among the browser's pages which one of them acts: the first to claim it. They share
 * nothing but local storage, as OctoPrint is mostly served without a secure context.
 */

/** How long a page waits for others that claim the same, in ms: many times what a browser
 * needs to pass a stored value on from page to page, even on a busy computer. */
const SETTLES = 500;

/** How long ago a claim may have been made to count, in s of the server's clock: one from
 * the future was made before that was set back. */
const FUTURE = 60;

export class Claims {
    #storage;
    #prefix;
    #page = Math.random().toString(36).slice(2);
    #wait;

    /**
     * @param {() => Storage} storage throws where there is none
     * @param {string} prefix of its keys
     * @param {(ms: number) => Promise<void>} wait
     */
    constructor(storage, prefix, wait) {
        this.#storage = storage;
        this.#prefix = prefix;
        this.#wait = wait;
    }

    /**
     * Whether it is this page that acts on what happened at `time`; no page does so again
     * within `apart`.
     *
     * @param {string} what
     * @param {number} time in s of the server's clock
     * @param {number} apart in s
     * @param {number} patience how long others that are better at it go first, in ms
     */
    async take(what, time, apart, patience) {
        const key = `${this.#prefix}/${what}`;
        await this.#wait(patience);
        try {
            const storage = this.#storage();
            const last = parse(storage.getItem(key));
            const taken = last && time - last.time < Math.max(apart, 1);
            if (taken && last.time - time < FUTURE) return false;
            storage.setItem(key, JSON.stringify({ time, page: this.#page }));
            await this.#wait(SETTLES);
            return parse(storage.getItem(key))?.page === this.#page;
        } catch {
            // Without storage nobody can agree, and twice is better than never.
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
        // Null is read as null.
        const claim = JSON.parse(/** @type {string} */ (text));
        return Number.isFinite(claim?.time) ? claim : null;
    } catch {
        return null;
    }
}
