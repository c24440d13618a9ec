/** Which messages are shown at once, instead of the tick that would be next. */

/** A message may come this fraction of `update_interval` after the last one that was shown: reports
 * come a bit early or late. */
const EARLIEST = 0.9;

export class Pacing {
    #shownAt = Number.NEGATIVE_INFINITY;

    /**
     * Whether a message is shown, which is then the last one that was.
     *
     * @param {number} now when it arrived, in ms of `performance.now()`
     * @param {number} interval the setting `update_interval` in s
     */
    shows(now, interval) {
        if (now - this.#shownAt < 1000 * EARLIEST * interval) return false;
        this.#shownAt = now;
        return true;
    }
}
