/** Longest step that is made up for, in ms: a page that slept goes on where it was. */
const LONGEST = 250;

/** A position that moves on by itself. */
export class Player {
    #onMove;
    #begin = 0;
    #end = 0;
    #position = 0;
    /**
     * When it last moved on, in ms; null while it stands still.
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
     * Another recording; one that plays goes on doing so from its begin.
     *
     * @param {[number, number]} span
     * @param {number} position where it stands if it does not play
     */
    load([begin, end], position) {
        this.#begin = begin;
        this.#end = end;
        this.seek(this.playing ? begin : position);
    }

    /** @param {number} position is brought into the recording */
    seek(position) {
        this.#position = Math.min(this.#end, Math.max(this.#begin, position));
        this.#onMove();
    }

    /** From the begin if it is at the end. */
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
