/**
 * What is wrong with what has been typed into the form.
 *
 * The limits are attributes of its inputs, so it is the browser that checks them; the words
 * are those that the template has for each field.
 */

/** Parts of a pane's id and of a field's: `temp_eta_pane_look`, `temp_eta_min_rate`. */
const FIELD = "temp_eta_";

/**
 * Why the value of an input is not possible; empty if it is.
 *
 * @param {HTMLInputElement} input
 */
export function complaint(input) {
    if (input.validity.valid) return "";
    const { min: least, max: most, dataset } = input;
    return _.sprintf(dataset.right ?? "", { least, most });
}

/**
 * What is wrong in a form, by the settings' keys.
 *
 * @param {ParentNode | null} form
 * @returns {Map<string, string>}
 */
export function complaints(form) {
    const inputs = form?.querySelectorAll("input[data-right]") ?? [];
    const all = Array.from(inputs, (input) => [key(input), complaint(input)]);
    return new Map(all.filter(([, text]) => text));
}

/**
 * How the form calls a setting, and what would be right; the key alone where it has no field.
 *
 * @param {ParentNode | null} form
 * @param {string} setting
 */
export function described(form, setting) {
    const input = form?.querySelector(`#${FIELD}${CSS.escape(setting)}`);
    if (!input) return setting;
    const label = form.querySelector(`label[for="${input.id}"]`)?.textContent.trim();
    const { min: least, max: most, dataset } = input;
    const right = _.sprintf(dataset.right ?? "", { least, most });
    return [label || setting, right].filter(Boolean).join(": ");
}

/**
 * The id of the pane that a setting's field is on.
 *
 * @param {ParentNode | null} form
 * @param {string} setting
 */
export function pane(form, setting) {
    const input = form?.querySelector(`#${FIELD}${CSS.escape(setting)}`);
    return input?.closest(".tab-pane")?.id ?? "";
}

function key({ id }) {
    return id.slice(FIELD.length);
}
