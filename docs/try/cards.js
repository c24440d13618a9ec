/**
 * The truth and what each algorithm says, as numbers.
 *
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
    const known = readings.findLast(({ time }) => time <= now);
    setText(truth.verdict, known ? `${known.actual.toFixed(1)} → ${event.goal} °C` : "");
    for (const algorithm of ALGORITHMS) {
        const card = parts(element, algorithm);
        const answer = replay.answer(algorithm);
        setTime(card.time, answer.remaining);
        setText(card.verdict, begun ? verdict(answer, left) : "before the new target");
        const error = replay.error(algorithm);
        setText(card.error, meanError(error));
        card.error.value = error ? error.share.toFixed(6) : "";
    }
}

function parts(element, name) {
    const card = element.querySelector(`[data-card="${name}"]`);
    const part = (selector) => card.querySelector(selector);
    return {
        time: part(".try-time"),
        verdict: part(".try-verdict"),
        error: part(".try-error data"),
    };
}

function setTime(element, seconds) {
    setText(element, seconds === null ? "–" : duration(seconds));
    element.value = seconds === null ? "" : seconds.toFixed(3);
}

// What stays the same is not to be laid out anew sixty times a second.
function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}
