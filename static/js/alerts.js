/**
 * Tells that a heater has arrived, by sound and by toast, as the settings say.
 *
 * @typedef {import("../wasm/temp_eta.js").Arrival} Arrival
 * @typedef {import("./types.js").Settings} Settings
 */

/** How the settings call the two kinds of arrival. */
const KINDS = /** @type {const} */ ({
    at_target: "target_reached",
    cooled_down: "cooldown_finished",
});

/** How long a page nobody is looking at lets others sound first, in ms. */
const PATIENCE = 300;

export class Alerts {
    #page;
    /**
     * Server time of the last toast of each heater and kind, in s.
     *
     * @type {Map<string, number>}
     */
    #toasted = new Map();

    /**
     * @param {object} page
     * @param {() => Settings} page.settings the plugin's, as saved
     * @param {import("./sound.js").Sound} page.sound
     * @param {import("./claims.js").Claims} page.claims
     * @param {(arrival: Arrival, seconds: number) => void} page.toast
     * @param {() => boolean} page.visible
     */
    constructor(page) {
        this.#page = page;
    }

    /** @param {Arrival[]} arrivals */
    announce(arrivals) {
        for (const arrival of arrivals) this.#toast(arrival);
        // Tools that arrive with one report are heard once.
        for (const phase of Object.keys(KINDS)) {
            const first = arrivals.find((arrival) => arrival.phase === phase);
            if (first) this.#sound(first);
        }
    }

    // Each page has its own toasts: one of them is looked at. But it is one and the same
    // loudspeaker.
    /** @param {Arrival} arrival */
    #toast(arrival) {
        const kind = KINDS[arrival.phase];
        const settings = this.#page.settings();
        if (!settings.notification_enabled || !settings[`notification_${kind}`]) return;
        const key = `${arrival.heater}/${kind}`;
        const apart = settings.notification_min_interval_s;
        // Undefined before the first: no comparison with that holds.
        const last = /** @type {number} */ (this.#toasted.get(key));
        if (Math.abs(arrival.time - last) < apart) return;
        this.#toasted.set(key, arrival.time);
        this.#page.toast(arrival, settings.notification_timeout_s);
    }

    /** @param {Arrival} arrival */
    async #sound(arrival) {
        const { sound, claims, visible } = this.#page;
        const kind = KINDS[arrival.phase];
        const settings = this.#page.settings();
        if (!settings.sound_enabled || !settings[`sound_${kind}`]) return;
        sound.prepare();
        // A page that may not sound must not keep another from it.
        if (sound.blocked) return;
        const what = `${arrival.heater}/${kind}`;
        const patience = visible() ? 0 : PATIENCE;
        const apart = settings.sound_min_interval_s;
        if (await claims.take(what, arrival.time, apart, patience)) {
            sound.play(kind, settings.sound_volume);
        }
    }
}
