/**
 * Two short melodies, made by the browser itself: up for a target reached, down for a heater
 * that has cooled down.
 */

/** Frequencies in Hz, one after the other. */
const MELODIES = {
    target_reached: [659.3, 880, 1318.5],
    cooldown_finished: [880, 659.3, 440],
};

/** Length of a tone, and from one to the next, in seconds. */
const TONE = 0.35;
const STEP = 0.16;

/** Gain of a tone at full volume: three of them overlap. */
const LOUDEST = 0.3;

/** What a tone fades to; an exponential never ends at 0. */
const SILENT = 0.001;

export class Sound {
    #create;
    #onBlocked;
    /** @type {AudioContext | null} */
    #context = null;

    /**
     * @param {() => AudioContext} create throws where there is none
     * @param {(blocked: boolean) => void} onBlocked told whenever that changes: browsers
     *     keep a page silent that nobody has clicked or typed on
     */
    constructor(create, onBlocked) {
        this.#create = create;
        this.#onBlocked = onBlocked;
    }

    get blocked() {
        return this.#context?.state !== "running";
    }

    /** Gets ready to play; sound that is switched off is never even asked for. */
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

    /** Asks the browser to let it play; heard only from within a click or a key press. */
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
            const start = context.currentTime + index * STEP;
            const gain = context.createGain();
            gain.gain.setValueAtTime(Math.max(SILENT, volume * LOUDEST), start);
            gain.gain.exponentialRampToValueAtTime(SILENT, start + TONE);
            gain.connect(context.destination);
            const tone = context.createOscillator();
            tone.frequency.value = frequency;
            tone.connect(gain);
            tone.start(start);
            tone.stop(start + TONE);
        });
    }
}
