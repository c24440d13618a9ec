/**
 * Two short melodies made with Web Audio: rising when a target is reached, falling when a
 * heater has cooled down.
 */

/** Frequencies of the tones in Hz. */
const MELODIES = {
    target_reached: [659.3, 880, 1318.5],
    cooldown_finished: [880, 659.3, 440],
};

/** Length of a tone, and time between the starts of two tones, in s. */
const TONE_LENGTH = 0.35;
const TONE_INTERVAL = 0.16;

/** Gain of a tone at full volume: up to three tones overlap. */
const MAX_GAIN = 0.3;

/** Gain to which a tone fades; an exponential ramp cannot end at 0. */
const SILENT_GAIN = 0.001;

export class Sound {
    #create;
    #onBlocked;
    /** @type {AudioContext | null} */
    #context = null;

    /**
     * @param {() => AudioContext} create throws if the browser has none
     * @param {(blocked: boolean) => void} onBlocked called whenever that changes: browsers
     *     block sound until the user clicks or types in the page
     */
    constructor(create, onBlocked) {
        this.#create = create;
        this.#onBlocked = onBlocked;
    }

    get blocked() {
        return this.#context?.state !== "running";
    }

    /** Creates the audio context; not called while sound is switched off. */
    prepare() {
        if (this.#context) return;
        try {
            this.#context = this.#create();
            this.#context.onstatechange = () => this.#onBlocked(this.blocked);
            this.#onBlocked(this.blocked);
        } catch (error) {
            console.warn("Temperature ETA: no sound in this browser", error);
        }
    }

    /** Asks the browser to allow sound; takes effect only during a click or a key press. */
    async unblock() {
        this.prepare();
        await this.#context?.resume();
    }

    /**
     * @param {"target_reached" | "cooldown_finished"} kind
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
