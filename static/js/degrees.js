/**
 * Formats temperatures, translated by OctoPrint's gettext.
 *
 * @typedef {object} Unit
 * @property {boolean} fahrenheit whether °F are shown as well
 */

/** @param {number} celsius */
export function toFahrenheit(celsius) {
    return (celsius * 9) / 5 + 32;
}

/**
 * A target temperature, with at most one decimal.
 *
 * @param {number} celsius
 * @param {Unit} view
 */
export function temperature(celsius, view) {
    return degrees(tenths(celsius), tenths(toFahrenheit(celsius)), view);
}

/** Stands where there is no temperature. */
const NO_TEMPERATURE = "–";

/**
 * A measured temperature, always with one decimal so that the text's width is stable.
 *
 * @param {number} celsius NaN if there is none
 * @param {Unit} view
 */
export function measured(celsius, view) {
    if (!Number.isFinite(celsius)) return NO_TEMPERATURE;
    return degrees(celsius.toFixed(1), toFahrenheit(celsius).toFixed(1), view);
}

/** @param {number} number */
function tenths(number) {
    return String(Math.round(number * 10) / 10);
}

/**
 * @param {string} celsius
 * @param {string} fahrenheit
 * @param {Unit} view
 */
function degrees(celsius, fahrenheit, view) {
    return view.fahrenheit
        ? _.sprintf(gettext("%(celsius)s\u00a0°C (%(fahrenheit)s\u00a0°F)"), {
              celsius,
              fahrenheit,
          })
        : _.sprintf(gettext("%(celsius)s\u00a0°C"), { celsius });
}

/**
 * The start and the end of a heat-up or cool-down: "25 → 60 °C".
 *
 * @param {number} start in °C
 * @param {number} end in °C
 * @param {Unit} view
 */
export function way(start, end, view) {
    return fromTo((unit) => String(Math.round(unit(start))), end, view);
}

/**
 * Where a temperature comes from and goes to.
 *
 * @param {(unit: (celsius: number) => number) => string} from
 * @param {number} to in °C
 * @param {Unit} view
 */
export function fromTo(from, to, view) {
    const arrow = (/** @type {(celsius: number) => number} */ unit) =>
        _.sprintf(gettext("%(actual)s → %(goal)s"), {
            actual: from(unit),
            goal: tenths(unit(to)),
        });
    return degrees(
        arrow((celsius) => celsius),
        arrow(toFahrenheit),
        view,
    );
}
