/**
 * Plays a sound and shows a toast after events that the settings name.
 *
 * @typedef {import("../wasm/temp_eta.js").PrinterEvent} PrinterEvent
 * @typedef {import("./types.js").Settings} Settings
 */

/**
 * The names in the settings' keys of the events that have alerts.
 *
 * @type {Partial<Record<PrinterEvent["kind"], import("./sound.js").Melody>>}
 */
const NAMES = {
    target_reached: "target_reached",
    soaked: "soaked",
    cooled_down: "cooldown_finished",
};

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
     * @param {(event: PrinterEvent, seconds: number) => void} page.toast
     * @param {() => boolean} page.visible
     */
    constructor(page) {
        this.#page = page;
    }

    /** @param {PrinterEvent[]} events */
    announce(events) {
        /** @type {Set<string>} */
        const sounded = new Set();
        for (const event of events) {
            const name = NAMES[event.kind];
            if (!name) continue;
            this.#toast(event, name);
            // Heaters that arrive with the same message share one sound.
            if (!sounded.has(name)) this.#sound(event, name);
            sounded.add(name);
        }
    }

    // Every tab shows the toast, as any of them may be visible; only one plays the sound.
    /**
     * @param {PrinterEvent} event
     * @param {import("./sound.js").Melody} name
     */
    #toast(event, name) {
        const settings = this.#page.settings();
        if (!settings.notification_enabled || !settings[`notification_${name}`]) return;
        const key = `${event.heater}/${name}`;
        const minInterval = settings.notification_min_interval_s;
        // Undefined before the first toast; comparing with NaN is then false.
        const last = /** @type {number} */ (this.#toasted.get(key));
        if (Math.abs(event.time - last) < minInterval) return;
        this.#toasted.set(key, event.time);
        this.#page.toast(event, settings.notification_timeout_s);
    }

    /**
     * @param {PrinterEvent} event
     * @param {import("./sound.js").Melody} name
     */
    async #sound(event, name) {
        const { sound, election, visible } = this.#page;
        const settings = this.#page.settings();
        if (!settings.sound_enabled || !settings[`sound_${name}`]) return;
        sound.prepare();
        // A tab whose sound is blocked leaves it to the others.
        if (sound.blocked) return;
        const key = `${event.heater}/${name}`;
        const delay = visible() ? 0 : HIDDEN_TAB_DELAY;
        const minInterval = settings.sound_min_interval_s;
        if (await election.claim(key, event.time, minInterval, delay)) {
            sound.play(name, settings.sound_volume);
        }
    }
}
