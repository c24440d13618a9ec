/**
 * The form's temperatures: stored in °C, entered in °C or °F.
 */

/** 1 °C is so many °F, and 0 °C is this one. */
const SCALE = 1.8;
const ZERO = 32;

/** Digits that are stored: °F entered with one digit come back as they were. */
const STORED = 4;
const SHOWN = 3;

/**
 * What the form shows of a stored value; what is no number stays as it is.
 *
 * @template T
 * @param {T} celsius
 * @param {boolean} fahrenheit
 * @param {boolean} difference of two temperatures, which has no zero point
 * @returns {T | number}
 */
export function shown(celsius, fahrenheit, difference) {
    if (!fahrenheit || !isNumber(celsius)) return celsius;
    return rounded(Number(celsius) * SCALE + (difference ? 0 : ZERO), SHOWN);
}

/**
 * What is stored of what was entered; what is no number stays as it is, to be refused.
 *
 * @template T
 * @param {T} entered
 * @param {boolean} fahrenheit
 * @param {boolean} difference of two temperatures, which has no zero point
 * @returns {T | number}
 */
export function stored(entered, fahrenheit, difference) {
    if (!fahrenheit || !isNumber(entered)) return entered;
    return rounded((Number(entered) - (difference ? 0 : ZERO)) / SCALE, STORED);
}

/** @param {unknown} value */
function isNumber(value) {
    return (
        value !== null && String(value).trim() !== "" && Number.isFinite(Number(value))
    );
}

/**
 * @param {number} number
 * @param {number} digits
 */
function rounded(number, digits) {
    // No -0.
    return Number(number.toFixed(digits)) + 0;
}
