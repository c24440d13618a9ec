/**
 * Plays a sound and shows a toast when a heater has reached its goal, as set in the settings.
 *
 * @typedef {import("../wasm/temp_eta.js").Arrival} Arrival
 * @typedef {import("./types.js").Settings} Settings
 */

/** The names of both kinds of arrival in the settings' keys. */
const KINDS = /** @type {const} */ ({
    at_target: "target_reached",
    cooled_down: "cooldown_finished",
});

/** How long a hidden tab lets visible tabs play the sound first, in ms. */
const HIDDEN_TAB_DELAY = 300;

export class Alerts {
    #page;
    /**
     * Server time of the last toast in s, by heater and kind.
     *
     * @type {Map<string, number>}
     */
    #toasted = new Map();

    /**
     * @param {object} page
     * @param {() => Settings} page.settings the plugin's saved settings
     * @param {import("./sound.js").Sound} page.sound
     * @param {import("./tab_election.js").TabElection} page.election
     * @param {(arrival: Arrival, seconds: number) => void} page.toast
     * @param {() => boolean} page.visible
     */
    constructor(page) {
        this.#page = page;
    }

    /** @param {Arrival[]} arrivals */
    announce(arrivals) {
        for (const arrival of arrivals) this.#toast(arrival);
        // Heaters that arrive with the same message share one sound.
        for (const phase of Object.keys(KINDS)) {
            const first = arrivals.find((arrival) => arrival.phase === phase);
            if (first) this.#sound(first);
        }
    }

    // Every tab shows the toast, as any of them may be visible; only one plays the sound.
    /** @param {Arrival} arrival */
    #toast(arrival) {
        const kind = KINDS[arrival.phase];
        const settings = this.#page.settings();
        if (!settings.notification_enabled || !settings[`notification_${kind}`]) return;
        const key = `${arrival.heater}/${kind}`;
        const minInterval = settings.notification_min_interval_s;
        // Undefined before the first toast; comparing with NaN is then false.
        const last = /** @type {number} */ (this.#toasted.get(key));
        if (Math.abs(arrival.time - last) < minInterval) return;
        this.#toasted.set(key, arrival.time);
        this.#page.toast(arrival, settings.notification_timeout_s);
    }

    /** @param {Arrival} arrival */
    async #sound(arrival) {
        const { sound, election, visible } = this.#page;
        const kind = KINDS[arrival.phase];
        const settings = this.#page.settings();
        if (!settings.sound_enabled || !settings[`sound_${kind}`]) return;
        sound.prepare();
        // A tab whose sound is blocked leaves it to the others.
        if (sound.blocked) return;
        const event = `${arrival.heater}/${kind}`;
        const delay = visible() ? 0 : HIDDEN_TAB_DELAY;
        const minInterval = settings.sound_min_interval_s;
        if (await election.claim(event, arrival.time, minInterval, delay)) {
            sound.play(kind, settings.sound_volume);
        }
    }
}
