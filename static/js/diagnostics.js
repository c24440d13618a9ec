/**
 * What the plugin costs and holds, measured as long as it is looked at, as a text for a bug
 * report.
 *
 * @typedef {import("./types.js").Status} Status
 * @typedef {import("./types.js").Settings} Settings
 */

/** How often it is read, in ms. */
const READ_EVERY = 1000;

export class Diagnostics {
    #page;
    /** @type {number | null} */
    #reading = null;
    /** @type {Status | null} */
    #status = null;

    /**
     * @param {object} page
     * @param {(on: boolean) => void} page.watch has times measured
     * @param {() => Measured | null} page.measured
     * @param {() => Promise<Status>} page.status the server's, see api.py
     * @param {() => Settings} page.settings the plugin's, as saved
     * @param {string[]} page.versions of what it runs in
     * @param {import("./clipboard.js").Clipboard} page.clipboard
     */
    constructor(page) {
        this.#page = page;
        this.text = ko.observable("");
        this.clipboard = page.clipboard;
        /** What somebody is reading or selecting stays as it is. */
        this.focused = ko.observable(false);
    }

    /**
     * Measures from now on, or not any more.
     *
     * @param {boolean} on
     */
    async measure(on) {
        if (on === (this.#reading !== null)) return;
        this.#page.watch(on);
        this.clipboard.copied(false);
        clearInterval(/** @type {number} */ (this.#reading));
        this.#reading = on ? setInterval(() => this.#read(), READ_EVERY) : null;
        if (!on) return;
        this.#read();
        this.#status = await this.#page.status().catch(() => null);
        this.#read();
    }

    #read() {
        const { measured, settings, versions } = this.#page;
        const facts = { status: this.#status, versions, measured: measured() };
        const text = report({ ...facts, settings: settings() });
        if (this.#reading !== null && !this.focused()) this.text(text);
    }
}

/**
 * @typedef {import("../wasm/temp_eta.js").Diagnostics & {memory: number, skipped: object}}
 *     Measured memory in bytes
 */

/**
 * The report, in English: it is for those who look after the plugin. What leads to the
 * broker is nobody's business.
 *
 * @param {object} facts
 * @param {Status | null} facts.status the server's
 * @param {string[]} facts.versions of what it runs in
 * @param {Measured | null} facts.measured
 * @param {{[key: string]: unknown}} facts.settings
 */
export function report({ status, versions, measured, settings }) {
    const told = Object.entries(settings).filter(([key]) => !key.startsWith("mqtt_"));
    return [
        `Temperature ETA ${status?.version ?? "(unknown version)"}`,
        ...versions,
        ...relayed(status?.relay),
        ...(measured ? figures(measured) : ["The calculation is not running."]),
        `Rejected settings: ${list(status?.refused)}`,
        `Settings: ${list(Object.fromEntries(told))}`,
    ].join("\n");
}

/**
 * Of the relay; where its broker is has no place in it.
 *
 * @param {Partial<import("./relay.js").Told>} [told]
 */
function relayed({ state = "unknown", engine, engine_problems, installed } = {}) {
    const parts = [state];
    if (engine !== undefined) parts.push(engine ? `runtime ${engine}` : "no runtime");
    const problems = list(engine_problems);
    return [
        `MQTT: ${parts.join(", ")}; installed: ${list(installed)}`,
        ...(problems === "none" ? [] : [`Failed runtimes: ${problems}`]),
    ];
}

/** @param {Measured} measured */
function figures(measured) {
    const { messages, snapshots, estimates, skipped } = measured;
    const { heaters, samples, marks, memory } = measured;
    return [
        `Per message: ${timing(messages)}`,
        `Per estimate: ${timing(estimates)}`,
        `Per snapshot: ${timing(snapshots)}`,
        `Held: ${heaters} heaters, ${samples} samples, ${marks} graph points`,
        `Module memory: ${Math.round(memory / 1024)} KiB`,
        `Skipped readings: ${list(skipped)}`,
    ];
}

/** @param {import("../wasm/temp_eta.js").Timing} timing */
function timing({ count, mean, worst }) {
    if (!count) return "not measured yet";
    return `${mean.toFixed(3)} ms mean, ${worst.toFixed(3)} ms worst, of ${count}`;
}

/** @param {object | undefined} object */
function list(object) {
    const entries = Object.entries(object ?? {});
    return entries.map(([key, value]) => `${key} ${value}`).join(", ") || "none";
}
