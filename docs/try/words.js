/**
 * Numbers and codes as text.
 *
 * @typedef {import("./recording.js").Event} Event
 * @typedef {import("./replay.js").Answer} Answer
 */

import { duration } from "../../static/js/format.js";

export { duration };

/**
 * Why there is no estimate.
 *
 * @type {Partial<Record<NonNullable<Answer["reason"]>, string>>}
 */
const REASONS = {
    unseen: "no reading yet",
    measuring: "measuring…",
    near_target: "close to the target",
    no_progress: "no progress",
    moving_away: "moving away",
    too_slow: "too slow",
    levels_off: "levels off before the target",
    too_long: "more than an hour",
    no_recent_reading: "no recent temperature report",
    implausible: "the reading makes no sense",
};

/**
 * Time since the new target, negative before it.
 *
 * @param {number} seconds
 */
export function since(seconds) {
    const whole = Math.floor(seconds);
    return whole < 0 ? `−${duration(-whole)}` : duration(whole);
}

/** @param {string} heater */
export function heaterName(heater) {
    return { bed: "Bed", tool0: "Hotend", chamber: "Chamber" }[heater] ?? heater;
}

/**
 * "Bed heats to 60 °C (3:07)"
 *
 * @param {Event} event
 */
export function title({ heater, kind, goal, start, arrival }) {
    const does = kind === "heating" ? "heats" : "cools";
    const took = duration(arrival - start);
    return `${heaterName(heater)} ${does} to ${goal} °C (${took})`;
}

/**
 * The error of an estimate, or why there is none.
 *
 * @param {Answer} answer
 * @param {number} left the truth
 */
export function verdict({ remaining, reason }, left) {
    if (remaining === null) return (reason && REASONS[reason]) ?? "";
    if (remaining === 0 && left === 0) return "arrived";
    // As shown: started seconds count in full.
    const off = Math.ceil(remaining) - Math.ceil(left);
    if (!off) return "exact";
    return `${spell(Math.abs(off))} too ${off > 0 ? "long" : "short"}`;
}

/** @param {{seconds: number, share: number} | null} error */
export function meanError(error) {
    if (!error) return "–";
    const { seconds, share } = error;
    const mean = seconds < 10 ? `${seconds.toFixed(1)} s` : spell(Math.round(seconds));
    // No line breaks inside.
    return `${mean} · ${(100 * share).toFixed(1)} %`.replaceAll(" ", "\u00a0");
}

/** @param {number} seconds */
function spell(seconds) {
    return seconds < 60 ? `${seconds} s` : duration(seconds);
}
