/**
 * When a page reads what was learned, and about which printer: after each connection, and again
 * when the user changes.
 *
 * @typedef {import("./learned_data.js").Access} Access
 */

/** How long readings wait for what was learned when the page has connected, in ms. */
const TIMEOUT = 2000;

export class Learning {
    #engine;
    #server;
    /** @type {Access} */
    #access = { read: false, write: false };
    #isConnected = false;
    /** Called when it is known which printer it is. */
    setPrinterKnown = () => {};
    #isPrinterKnown = new Promise((resolve) => {
        this.setPrinterKnown = () => resolve(null);
    });

    /**
     * @param {import("./engine.js").Engine} engine
     * @param {import("./learned_server.js").LearnedServer} server
     */
    constructor(engine, server) {
        this.#engine = engine;
        this.#server = server;
    }

    /**
     * OctoPrint is about to send its history: the page has connected, or again. Resolves when it
     * is known what was learned, or after a moment.
     */
    connected() {
        this.#isConnected = true;
        this.findPrinter();
        // OctoPrint may tell the printer's profile after its history.
        const isRead = this.#isPrinterKnown.then(() => this.#engine.connected());
        const isLate = new Promise((resolve) => setTimeout(resolve, TIMEOUT));
        return Promise.race([isRead, isLate]);
    }

    /** @param {Access} access what the user may do */
    allow(access) {
        this.#access = access;
        this.#engine.allow(access);
        this.findPrinter();
    }

    /** Asks which printer it is, for users whom OctoPrint does not tell its printer profiles. */
    async findPrinter() {
        const { read, profiles } = this.#access;
        if (!this.#isConnected || !read || profiles) return;
        // Without an answer it is asked again with the next connection.
        const profileId = await this.#server.currentProfile().catch(() => null);
        if (profileId === null || this.#access.profiles) return;
        this.#engine.setPrinter({ id: BASEURL + profileId, profileId });
        this.setPrinterKnown();
    }

    /** @param {object} change OctoPrint's message that another has learned or deleted something */
    announce(change) {
        this.#engine.announceLearned(change);
    }

    /** Why what is learned stays in this browser; empty if OctoPrint keeps it. */
    get problem() {
        return this.#engine.problem;
    }

    /** What was learned, as lists of numbers by heater. */
    get states() {
        return this.#engine.states;
    }

    /** @type {import("./engine.js").Engine["experience"]} */
    experience(heater, numbers) {
        return this.#engine.experience(heater, numbers);
    }

    /** @param {Map<string, number[]>} states valid ones, in place of those of the same heaters */
    replace(states) {
        return this.#engine.replaceLearned(states);
    }

    /** @returns {Promise<boolean>} whether that was possible */
    forget() {
        return this.#engine.forget();
    }
}
