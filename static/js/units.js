/**
 * Converts the temperatures of the settings form: stored in °C, entered in °C or °F.
 */

/** A difference of 1 °C in °F, and 0 °C in °F. */
const FAHRENHEIT_PER_CELSIUS = 1.8;
const FAHRENHEIT_AT_ZERO = 32;

/** Decimals of a stored value: enough for °F entered with one decimal to be shown unchanged. */
const STORED_DECIMALS = 4;
const SHOWN_DECIMALS = 3;

/**
 * Converts a stored value for the form; returns anything that is not a number unchanged.
 *
 * @template T
 * @param {T} celsius
 * @param {boolean} fahrenheit
 * @param {boolean} difference whether it is a difference of two temperatures
 * @returns {T | number}
 */
export function shown(celsius, fahrenheit, difference) {
    if (!fahrenheit || !isNumber(celsius)) return celsius;
    const offset = difference ? 0 : FAHRENHEIT_AT_ZERO;
    return rounded(Number(celsius) * FAHRENHEIT_PER_CELSIUS + offset, SHOWN_DECIMALS);
}

/**
 * Converts an entered value for storage; returns anything that is not a number unchanged, so
 * that it is rejected.
 *
 * @template T
 * @param {T} entered
 * @param {boolean} fahrenheit
 * @param {boolean} difference whether it is a difference of two temperatures
 * @returns {T | number}
 */
export function stored(entered, fahrenheit, difference) {
    if (!fahrenheit || !isNumber(entered)) return entered;
    const offset = difference ? 0 : FAHRENHEIT_AT_ZERO;
    return rounded((Number(entered) - offset) / FAHRENHEIT_PER_CELSIUS, STORED_DECIMALS);
}

/** @param {unknown} value */
function isNumber(value) {
    return (
        value !== null && String(value).trim() !== "" && Number.isFinite(Number(value))
    );
}

/**
 * @param {number} number
 * @param {number} decimals
 */
function rounded(number, decimals) {
    // Adding 0 turns -0 into 0.
    return Number(number.toFixed(decimals)) + 0;
}
