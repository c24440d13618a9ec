/**
 * Seconds, °C and codes to words, through OctoPrint's gettext.
 *
 * Functions, not constants: OctoPrint defines gettext only after the scripts are loaded.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 */

/**
 * A duration as m:ss, from an hour on as h:mm:ss. Begun seconds count in full, so that
 * 0:00 is shown at the end and not before.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
    const whole = Math.ceil(seconds);
    const two = (number) => String(number % 60).padStart(2, "0");
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes}:${two(whole)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
}

/**
 * A temperature with the fewest digits that tell its tenths.
 *
 * @param {number} celsius
 */
export function temperature(celsius) {
    return _.sprintf(gettext("%(celsius)s °C"), {
        celsius: String(Math.round(celsius * 10) / 10),
    });
}

/**
 * The countdown; empty when there is none.
 *
 * @param {HeaterRow} row
 */
export function time(row) {
    if (row.remaining !== null) return duration(row.remaining);
    return row.reason === "too_long" ? gettext("> 1 h") : "";
}

/**
 * What a heater is doing, in words.
 *
 * @param {HeaterRow} row
 */
export function status(row) {
    switch (row.phase) {
        case "idle":
            return gettext("off");
        case "cooled_down":
            return gettext("cooled down");
        case "at_target":
            return _.sprintf(gettext("holds %(goal)s"), {
                goal: temperature(row.target),
            });
        case "stalled":
            return gettext("not getting warmer");
        case "heating":
            return unknown(row, HEATING) || gettext("heating");
        default:
            return (
                unknown(row, COOLING) ||
                _.sprintf(gettext("cooling to %(goal)s"), { goal: temperature(row.goal) })
            );
    }
}

// What there is to say instead when there is no countdown, by the reason why. Functions,
// since gettext is not there yet when this file is loaded.
const EITHER = {
    measuring: () => gettext("measuring…"),
    no_recent_reading: () => gettext("no word from the printer"),
};
const HEATING = {
    ...EITHER,
    no_progress: () => gettext("not getting warmer"),
    moving_away: () => gettext("not getting warmer"),
    too_slow: () => gettext("heating slowly"),
    levels_off: () => gettext("levels off below %(goal)s"),
};
const COOLING = {
    ...EITHER,
    no_progress: () => gettext("not getting cooler"),
    moving_away: () => gettext("not getting cooler"),
    levels_off: () => gettext("levels off above %(goal)s"),
};

function unknown(row, words) {
    const word = words[row.reason];
    return word && _.sprintf(word(), { goal: temperature(row.goal) });
}

/**
 * Where a heater is and where it is going: "42.5 → 60 °C".
 *
 * @param {HeaterRow} row
 */
export function temperatures(row) {
    if (row.goal === null) return temperature(row.actual);
    return _.sprintf(gettext("%(actual)s → %(goal)s"), {
        actual: row.actual.toFixed(1),
        goal: temperature(row.goal),
    });
}

/**
 * One sentence for tooltips and screen readers: "Bed: 1:12, heating".
 *
 * @param {HeaterRow} row
 * @param {string[]} heaters all heaters that are shown
 */
export function summary(row, heaters) {
    const said = [time(row), status(row)].filter(Boolean).join(", ");
    return `${name(row.heater, heaters)}: ${said}`;
}

/**
 * A heater's name as OctoPrint's Temperature tab writes it.
 *
 * @param {string} heater
 * @param {string[]} heaters all heaters that are shown
 */
export function name(heater, heaters) {
    if (heater === "bed") return gettext("Bed");
    if (heater === "chamber") return gettext("Chamber");
    const tool = /^tool(\d+)$/.exec(heater);
    if (!tool) return heater;
    return heaters.includes("tool1") ? `${gettext("Tool")} ${tool[1]}` : gettext("Tool");
}
