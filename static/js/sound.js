/**
 * Short melodies made with Web Audio: rising when a target is reached, falling when a heater has
 * cooled down, one tone twice when a heat soak is complete.
 *
 * @typedef {keyof typeof MELODIES} Melody
 */

/** Frequencies of the tones in Hz. */
const MELODIES = {
    target_reached: [659.3, 880, 1318.5],
    cooldown_finished: [880, 659.3, 440],
    soaked: [1318.5, 1318.5],
};

/** Length of a tone, and time between the starts of two tones, in s. */
const TONE_LENGTH = 0.35;
const TONE_INTERVAL = 0.16;

/** Gain of a tone at full volume: up to three tones overlap. */
const MAX_GAIN = 0.3;

/** Gain to which a tone fades; an exponential ramp cannot end at 0. */
const SILENT_GAIN = 0.001;

/** How long a browser may take to start its sound device, in ms; wireless ones take longest. */
const LONGEST_START = 3000;

/**
 * `blocked`: browsers block sound until the user clicks or types in the page. `missing`: the
 * browser has no sound, or a click did not start it, as in Firefox without a sound device.
 *
 * @typedef {"off" | "blocked" | "missing" | "running"} SoundState
 */

export class Sound {
    #create;
    #onState;
    #wait;
    #failed = false;
    /** @type {AudioContext | null} */
    #context = null;

    /**
     * @param {() => AudioContext} create throws if the browser has none
     * @param {(state: SoundState) => unknown} onState called when it may have changed
     * @param {(ms: number) => Promise<void>} wait
     */
    constructor(create, onState, wait) {
        this.#create = create;
        this.#onState = onState;
        this.#wait = wait;
    }

    get blocked() {
        return this.#context?.state !== "running";
    }

    /** Creates the audio context; not called while sound is switched off. */
    prepare() {
        if (this.#context || this.#failed) return;
        try {
            const context = this.#create();
            this.#context = context;
            const report = () => this.#onState(this.blocked ? "blocked" : "running");
            context.onstatechange = report;
            report();
        } catch (error) {
            this.#failed = true;
            this.#onState("missing");
            console.warn("Temperature ETA: no sound in this browser", error);
        }
    }

    /**
     * Asks the browser to allow sound; takes effect only during a click or a key press. Resolves
     * when there is sound, or when it takes too long.
     *
     * @param {boolean} clicked whether the browser must allow it now: not every key counts
     */
    async unblock(clicked) {
        this.prepare();
        const context = this.#context;
        if (!context || !this.blocked) return;
        // Without a sound device, Firefox neither starts nor refuses.
        await Promise.race([context.resume(), this.#wait(LONGEST_START)]);
        if (clicked && this.blocked) this.#onState("missing");
    }

    /**
     * @param {Melody} kind
     * @param {number} volume 0 to 1
     */
    play(kind, volume) {
        const context = this.#context;
        if (!context || this.blocked) return;
        MELODIES[kind].forEach((frequency, index) => {
            const start = context.currentTime + index * TONE_INTERVAL;
            const end = start + TONE_LENGTH;
            const gain = context.createGain();
            gain.gain.setValueAtTime(Math.max(SILENT_GAIN, volume * MAX_GAIN), start);
            gain.gain.exponentialRampToValueAtTime(SILENT_GAIN, end);
            gain.connect(context.destination);
            const tone = context.createOscillator();
            tone.frequency.value = frequency;
            tone.connect(gain);
            tone.start(start);
            tone.stop(end);
        });
    }
}
