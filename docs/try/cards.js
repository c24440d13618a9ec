/**
 * The true remaining time and the estimate of each algorithm, as numbers.
 *
 * @typedef {import("./replay.js").Algorithm} Algorithm
 * @typedef {import("./replay.js").Replay} Replay
 * @typedef {import("./recording.js").Recording} Recording
 */

import { ALGORITHMS } from "./replay.js";
import { duration, meanError, verdict } from "./words.js";

/**
 * @param {HTMLElement} element
 * @param {Recording} recording
 * @param {Replay} replay
 * @param {number} now in s of the recording
 */
export function show(element, { event, readings }, replay, now) {
    const begun = now >= event.start;
    const left = replay.left;
    const truth = parts(element, "truth");
    setTime(truth.time, begun ? left : null);
    const known = readings.filter(({ time }) => time <= now).pop();
    setText(truth.verdict, known ? `${known.actual.toFixed(1)} → ${event.goal} °C` : "");
    for (const algorithm of ALGORITHMS) {
        const card = parts(element, algorithm);
        const answer = replay.answer(algorithm);
        setTime(card.time, answer.remaining);
        setText(card.verdict, begun ? verdict(answer, left) : "before the new target");
        const error = replay.error(algorithm);
        const mean = /** @type {HTMLDataElement} */ (card.error);
        setText(mean, meanError(error));
        mean.value = error ? error.share.toFixed(6) : "";
    }
}

/**
 * @param {HTMLElement} element
 * @param {Algorithm | "truth"} name the truth has no error
 */
function parts(element, name) {
    const card = /** @type {Element} */ (element.querySelector(`[data-card="${name}"]`));
    return {
        time: /** @type {HTMLDataElement} */ (card.querySelector(".try-time")),
        verdict: /** @type {Element} */ (card.querySelector(".try-verdict")),
        error: /** @type {HTMLDataElement | null} */ (
            card.querySelector(".try-error data")
        ),
    };
}

/**
 * @param {HTMLDataElement} element
 * @param {number | null} seconds
 */
function setTime(element, seconds) {
    setText(element, seconds === null ? "–" : duration(seconds));
    element.value = seconds === null ? "" : seconds.toFixed(3);
}

/**
 * Writes only changes: an unchanged text must not cause a layout sixty times a second.
 *
 * @param {Element} element
 * @param {string} text
 */
function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}
