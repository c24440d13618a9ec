/**
 * Formats times, temperatures and the codes of the snapshot, translated by OctoPrint's gettext.
 *
 * The texts are in functions, as gettext is defined only after the scripts are loaded.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../wasm/temp_eta.js").PrinterRow} PrinterRow
 * @typedef {import("../wasm/temp_eta.js").PrinterEvent} PrinterEvent
 * @typedef {import("../wasm/temp_eta.js").Reason} Reason
 *
 * @typedef {Partial<Record<Reason, () => string>>} Texts
 *
 * @typedef {import("./names.js").Naming & {fahrenheit: boolean}} View whether °F are shown as well
 */

import { fromTo, measured, temperature } from "./degrees.js";
import { joined, name } from "./names.js";

export { measured, temperature, toFahrenheit, way } from "./degrees.js";
export { name, number } from "./names.js";

/**
 * A duration as m:ss, from an hour on as h:mm:ss. Rounded up, so that 0:00 is shown only at
 * the end.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
    const whole = Math.ceil(seconds);
    const two = (/** @type {number} */ number) => String(number % 60).padStart(2, "0");
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes}:${two(whole)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
}

/**
 * By how much a time was wrong: "3 s", from two minutes on "2:05 min".
 *
 * @param {number} seconds
 */
export function error(seconds) {
    const whole = Math.round(seconds);
    if (whole >= 120)
        return _.sprintf(gettext("%(minutes)s\u00a0min"), { minutes: duration(whole) });
    return _.sprintf(gettext("%(seconds)d\u00a0s"), { seconds: whole });
}

/**
 * The time of day as HH:mm, in the browser's time zone.
 *
 * @param {number} ms
 */
export function clock(ms) {
    return moment(ms).format("HH:mm");
}

/**
 * The time of day as HH:mm:ss, in the browser's time zone.
 *
 * @param {number} ms
 */
export function second(ms) {
    return moment(ms).format("HH:mm:ss");
}

/**
 * The countdown; empty when there is none.
 *
 * @param {HeaterRow | PrinterRow} row
 * @param {number} longest time that is shown, in s
 */
export function time(row, longest = 3600) {
    if (row.remaining !== null) return duration(row.remaining);
    if (row.reason !== "too_long") return "";
    const time =
        longest % 3600
            ? duration(longest)
            : _.sprintf(gettext("%(hours)d\u00a0h"), { hours: longest / 3600 });
    return `> ${time}`;
}

/**
 * The time of day at which the countdown ends; empty when there is none.
 *
 * @param {HeaterRow | PrinterRow} row
 * @param {number} now in ms since 1970
 */
export function finish(row, now) {
    return row.remaining === null ? "" : clock(now + 1000 * row.remaining);
}

/**
 * The uncertainty of the countdown: "± 0:05"; empty if it is unknown, under a second, or as
 * long as the countdown itself.
 *
 * @param {HeaterRow} row
 */
export function interval(row) {
    if (row.remaining === null || !row.interval) return "";
    const [low, high] = row.interval;
    const seconds = (high - low) / 2;
    const isUseful = seconds >= 1 && seconds < row.remaining;
    return isUseful ? `± ${duration(seconds)}` : "";
}

/**
 * Whether the newest reading of a heater makes no sense: its `actual` is what is reported, and
 * no temperature.
 *
 * @param {HeaterRow} row
 */
export function isImplausible(row) {
    return row.reason === "implausible";
}

/**
 * What a heater is doing; while it heats, soaks or cools its row has a goal.
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
export function status(row, view) {
    if (isImplausible(row)) return implausible(row, view);
    switch (row.phase) {
        case "idle":
            return gettext("off");
        case "cooled_down":
            return gettext("cooled down");
        case "at_target":
            return _.sprintf(gettext("holds %(goal)s"), {
                goal: temperature(row.target, view),
            });
        case "stalled":
            return (
                reasonText(row, HEATING_REASONS, view) || gettext("not getting warmer")
            );
        case "untargeted":
            return gettext("heating without a target");
        case "heating":
            return reasonText(row, HEATING_REASONS, view) || gettext("heating");
        case "soaking":
            return (
                reasonText(row, SOAKING_REASONS, view) ||
                _.sprintf(gettext("soaking at %(goal)s"), {
                    goal: temperature(row.target, view),
                })
            );
        default:
            return (
                reasonText(row, COOLING_REASONS, view) ||
                _.sprintf(gettext("cooling to %(goal)s"), {
                    goal: temperature(/** @type {number} */ (row.goal), view),
                })
            );
    }
}

/**
 * What is said whatever the heater is doing: nobody knows.
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
function implausible({ actual }, view) {
    return Number.isFinite(actual)
        ? _.sprintf(gettext("the reading makes no sense (%(reading)s)"), {
              reading: measured(actual, view),
          })
        : gettext("the reading makes no sense");
}

// The status when there is no countdown, by reason.
/** @type {Texts} */
const COMMON_REASONS = {
    measuring: () => gettext("measuring…"),
    no_recent_reading: () => gettext("no recent temperature report"),
};
/** @type {Texts} */
const HEATING_REASONS = {
    ...COMMON_REASONS,
    no_progress: () => gettext("not getting warmer"),
    moving_away: () => gettext("not getting warmer"),
    too_slow: () => gettext("heating slowly"),
    levels_off: () => gettext("levels off below %(goal)s"),
};
/** @type {Texts} */
const SOAKING_REASONS = {
    ...COMMON_REASONS,
    unsteady: () => gettext("soaking, not steady yet"),
};
/** @type {Texts} */
const COOLING_REASONS = {
    ...COMMON_REASONS,
    no_progress: () => gettext("not getting cooler"),
    moving_away: () => gettext("not getting cooler"),
    levels_off: () => gettext("levels off above %(goal)s"),
};

/**
 * @param {HeaterRow} row with a goal
 * @param {Texts} texts
 * @param {View} view
 */
function reasonText(row, texts, view) {
    const text = texts[/** @type {keyof Texts} */ (row.reason)];
    const goal = /** @type {number} */ (row.goal);
    return text && _.sprintf(text(), { goal: temperature(goal, view) });
}

/**
 * A heater's temperature and its goal: "42.5 → 60 °C"; empty for a reading that makes no sense, as
 * the status says what is reported.
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
export function temperatures(row, view) {
    if (isImplausible(row)) return "";
    if (row.goal === null || row.phase === "soaking") return measured(row.actual, view);
    const goal = row.goal;
    return fromTo((unit) => unit(row.actual).toFixed(1), goal, view);
}

/**
 * A heater's rate: "24.3 °C/min"; empty if it is unknown.
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
export function rate(row, view) {
    if (row.rate === null || row.goal === null) return "";
    // `|| 0` turns -0 into 0.
    const perMinute = (/** @type {number} */ rate) =>
        (Math.round(600 * rate) / 10 || 0).toFixed(1);
    const celsius = perMinute(row.rate);
    const fahrenheit = perMinute(1.8 * row.rate);
    return view.fahrenheit
        ? _.sprintf(gettext("%(celsius)s\u00a0°C/min (%(fahrenheit)s\u00a0°F/min)"), {
              celsius,
              fahrenheit,
          })
        : _.sprintf(gettext("%(celsius)s\u00a0°C/min"), { celsius });
}

/**
 * Whether the reason is what a heater is doing, and does not come and go.
 *
 * @param {HeaterRow} row
 */
function isSteady(row) {
    return isImplausible(row) || row.phase === "stalled";
}

/**
 * A new phase or goal, or a reading that makes no sense, for screen readers: "Bed: heating to
 * 60 °C".
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
export function phaseChange(row, view) {
    const doing =
        row.phase === "heating" && !isImplausible(row)
            ? _.sprintf(gettext("heating to %(goal)s"), {
                  goal: temperature(/** @type {number} */ (row.goal), view),
              })
            : status(isSteady(row) ? row : { ...row, reason: null }, view);
    return `${name(row.heater, view)}: ${doing}`;
}

/**
 * The text of tooltips, without the changing seconds: "Bed: heating".
 *
 * @param {HeaterRow} row
 * @param {View} view
 */
export function summary(row, view) {
    return `${name(row.heater, view)}: ${status(row, view)}`;
}

/**
 * The label of the printer's countdown.
 *
 * @param {PrinterRow} row
 */
export function ready(row) {
    return row.phase === "heating"
        ? gettext("Printer ready in")
        : gettext("Cooled down in");
}

/**
 * The heaters that the printer's countdown leaves out: "without Bed and Chamber"; empty if there
 * are none.
 *
 * @param {PrinterRow} row
 * @param {View} view
 */
export function without(row, view) {
    if (!row.without.length) return "";
    const words = { heaters: joined(row.without, view) };
    return _.sprintf(gettext("without %(heaters)s"), words);
}

/**
 * The remaining minutes, for screen readers.
 *
 * @param {string} heater
 * @param {number} minutes
 * @param {View} view
 */
export function minutesLeft(heater, minutes, view) {
    return _.sprintf(
        ngettext(
            "%(heater)s: %(minutes)d minute left",
            "%(heater)s: %(minutes)d minutes left",
            minutes,
        ),
        { heater: name(heater, view), minutes },
    );
}

/** The text shown when the wasm module has failed. */
export function broken() {
    return gettext("ETA unavailable: the calculation failed. Reload the page.");
}

/**
 * The title and the text of an alert.
 *
 * @param {Pick<PrinterEvent, "kind" | "heater" | "actual" | "target">} event
 * @param {View} view
 */
export function alert({ kind, heater, actual, target }, view) {
    const celsius = kind === "cooled_down" ? actual : target;
    const words = {
        heater: name(/** @type {string} */ (heater), view),
        temperature: temperature(celsius, view),
    };
    switch (kind) {
        case "soaked":
            return {
                title: gettext("Heat soak complete"),
                text: _.sprintf(
                    gettext("%(heater)s has been soaked at %(temperature)s."),
                    words,
                ),
            };
        case "cooled_down":
            return {
                title: gettext("Cooled down"),
                text: _.sprintf(
                    gettext("%(heater)s has cooled down to %(temperature)s."),
                    words,
                ),
            };
        default:
            return {
                title: gettext("Target reached"),
                text: _.sprintf(
                    gettext("%(heater)s has reached %(temperature)s."),
                    words,
                ),
            };
    }
}
