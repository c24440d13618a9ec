/**
 * The diagnostics in the settings: a text for bug reports with execution times and sizes,
 * measured while it is visible.
 *
 * @typedef {import("./types.js").Status} Status
 * @typedef {import("./types.js").Settings} Settings
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 */

import * as scores from "./scores.js";

/** Time between two updates in ms. */
const UPDATE_INTERVAL = 1000;

export class Diagnostics {
    #page;
    /** @type {number | null} */
    #timer = null;
    /** @type {Status | null} */
    #status = null;

    /**
     * @param {object} page
     * @param {(on: boolean) => void} page.measureTimes
     * @param {() => Measured | null} page.measured
     * @param {() => Promise<Status>} page.status the server's, see api.py
     * @param {() => Settings} page.settings the plugin's saved settings
     * @param {() => Learned[]} page.learned
     * @param {string[]} page.versions of OctoPrint and the browser
     * @param {import("./clipboard.js").Clipboard} page.clipboard
     */
    constructor(page) {
        this.#page = page;
        this.text = ko.observable("");
        this.clipboard = page.clipboard;
        /** While the field has the focus its text is not updated, so that it can be selected. */
        this.focused = ko.observable(false);
    }

    /**
     * Starts or stops measuring.
     *
     * @param {boolean} on
     */
    async measure(on) {
        if (on === (this.#timer !== null)) return;
        this.#page.measureTimes(on);
        this.clipboard.copied(false);
        clearInterval(/** @type {number} */ (this.#timer));
        this.#timer = on ? setInterval(() => this.#update(), UPDATE_INTERVAL) : null;
        if (!on) return;
        this.#update();
        this.#status = await this.#page.status().catch(() => null);
        this.#update();
    }

    #update() {
        const { measured, settings, versions, learned } = this.#page;
        const facts = { status: this.#status, versions, measured: measured() };
        const text = report({ ...facts, settings: settings(), learned: learned() });
        if (this.#timer !== null && !this.focused()) this.text(text);
    }
}

/**
 * @typedef {import("../wasm/temp_eta.js").Diagnostics & {memory: number, skipped: object}}
 *     Measured memory in bytes
 */

/**
 * The text of the report. It is in English, as it is for the plugin's developers, and leaves
 * out everything that identifies the broker.
 *
 * @param {object} facts
 * @param {Status | null} facts.status the server's
 * @param {string[]} facts.versions of OctoPrint and the browser
 * @param {Measured | null} facts.measured
 * @param {{[key: string]: unknown}} facts.settings
 * @param {Learned[]} facts.learned
 */
export function report({ status, versions, measured, settings, learned }) {
    // Names may be personal.
    const { heaters, ...others } = settings;
    const choices = /** @type {import("./types.js").OwnHeater[]} */ (heaters ?? []).map(
        ({ heater, counted }) => [heater, counted ? "shown" : "hidden"],
    );
    const shown = Object.entries(others).filter(([key]) => !key.startsWith("mqtt_"));
    return [
        `Temperature ETA ${status?.version ?? "(unknown version)"}`,
        ...versions,
        ...serverLines(status?.server),
        ...(measured ? measuredLines(measured) : ["The calculation is not running."]),
        `Rejected settings: ${list(status?.refused)}`,
        `Heaters: ${list(Object.fromEntries(choices))}`,
        `Settings: ${list(Object.fromEntries(shown))}`,
        ...learned.flatMap(transientLines),
    ].join("\n");
}

/** @param {Partial<import("./server_status.js").ServerState>} [state] */
function serverLines({
    state = "unknown",
    outlets,
    engine,
    engine_problems,
    installed,
} = {}) {
    const parts = [outlets?.join(" ") || "none", `MQTT ${state}`];
    if (engine !== undefined) parts.push(engine ? `runtime ${engine}` : "no runtime");
    const problems = list(engine_problems);
    return [
        `Outlets: ${parts.join(", ")}; installed: ${list(installed)}`,
        ...(problems === "none" ? [] : [`Failed runtimes: ${problems}`]),
    ];
}

/** @param {Measured} measured */
function measuredLines(measured) {
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

/**
 * What each algorithm said in the newest transients, and what was left.
 *
 * @param {Learned} learned
 */
function transientLines(learned) {
    return scores.transients(learned).map(({ start, setpoint, duration, predicted }) => {
        const left = scores.MOMENTS.map((moment) => (1 - moment) * duration);
        const times = [{ algorithm: "left", remaining: left }, ...predicted];
        const texts = times.map(({ algorithm, remaining }) => {
            const seconds = remaining.map((it) => (it === null ? "-" : it.toFixed(0)));
            return `${algorithm} ${seconds.join("/")}`;
        });
        const way = `${start.toFixed(0)} to ${setpoint.toFixed(0)} °C`;
        return `${learned.heater} ${way} in ${duration.toFixed(0)} s: ${texts.join(", ")}`;
    });
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
