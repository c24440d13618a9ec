/** Longest step, in ms: a page that was suspended continues where it was. */
const LONGEST = 250;

/** A position that can play. */
export class Player {
    #onMove;
    #begin = 0;
    #end = 0;
    #position = 0;
    /**
     * When the position last changed, in ms; null while paused.
     *
     * @type {number | null}
     */
    #moved = null;
    speed = 1;

    /** @param {() => void} onMove called when the position or `playing` has changed */
    constructor(onMove) {
        this.#onMove = onMove;
    }

    get begin() {
        return this.#begin;
    }

    get end() {
        return this.#end;
    }

    get position() {
        return this.#position;
    }

    get playing() {
        return this.#moved !== null;
    }

    /**
     * Sets another recording. If it was playing, it plays from the start.
     *
     * @param {[number, number]} span
     * @param {number} position used while not playing
     */
    load([begin, end], position) {
        this.#begin = begin;
        this.#end = end;
        this.seek(this.playing ? begin : position);
    }

    /** @param {number} position limited to the recording */
    seek(position) {
        this.#position = Math.min(this.#end, Math.max(this.#begin, position));
        this.#onMove();
    }

    /** Starts over if it is at the end. */
    play() {
        if (this.playing) return;
        if (this.#position >= this.#end) this.#position = this.#begin;
        this.#moved = performance.now();
        requestAnimationFrame((now) => this.#step(now));
        this.#onMove();
    }

    pause() {
        this.#moved = null;
        this.#onMove();
    }

    /** @param {number} now in ms */
    #step(now) {
        if (this.#moved === null) return;
        const elapsed = Math.min(LONGEST, Math.max(0, now - this.#moved));
        const position = this.#position + (this.speed * elapsed) / 1000;
        this.#moved = position < this.#end ? now : null;
        this.seek(position);
        if (this.playing) requestAnimationFrame((next) => this.#step(next));
    }
}
