/**
 * Validation of the settings form.
 *
 * The limits are attributes of the inputs and are checked by the browser; the texts are hints
 * that the template has put into `data-hint`.
 */

/** Prefix of the fields' ids, as in `temp_eta_min_rate`. */
const ID_PREFIX = "temp_eta_";

/**
 * Why the value of an input is invalid; empty if it is valid.
 *
 * @param {HTMLInputElement} input
 */
export function errorOf(input) {
    return input.validity.valid ? "" : hint(input);
}

/**
 * The invalid fields of a form: the errors of those that the user can correct, by setting, and
 * the settings of hidden and disabled ones.
 *
 * @param {ParentNode} form
 */
export function errors(form) {
    /** @type {{correctable: Map<string, string>, unreachable: string[]}} */
    const found = { correctable: new Map(), unreachable: [] };
    for (const input of inputs(form)) {
        const [key, text] = [input.id.slice(ID_PREFIX.length), errorOf(input)];
        if (text && isReachable(input)) found.correctable.set(key, text);
        else if (text) found.unreachable.push(key);
    }
    return found;
}

/**
 * Empties number fields with text that is not a number: for scripts their value is empty.
 *
 * @param {ParentNode} form
 */
export function clearBadInput(form) {
    for (const input of inputs(form)) {
        if (input.validity.badInput) input.value = "";
    }
}

/**
 * A setting's name in the form, and why its value was refused.
 *
 * @param {ParentNode} form
 * @param {string} key
 * @param {string} reason the server's, used if the form has no hint for the setting
 */
export function describe(form, key, reason) {
    const input = field(form, key);
    if (!input) return `${key}: ${reason}`;
    const group = input.closest("[role=group]")?.getAttribute("aria-labelledby");
    const label =
        form.querySelector(`label[for="${input.id}"]`) ?? input.closest("label");
    const words = [group ? form.querySelector(`#${group}`) : null, label];
    const name = words.map((it) => it?.textContent.trim()).filter(Boolean);
    return `${name.join(", ")}: ${hint(input) || reason}`;
}

/**
 * The id of the pane with a setting's field.
 *
 * @param {ParentNode} form
 * @param {string} key
 */
export function pane(form, key) {
    return field(form, key)?.closest(".tab-pane")?.id ?? "";
}

/**
 * @param {ParentNode} form
 * @returns {NodeListOf<HTMLInputElement>}
 */
function inputs(form) {
    return form.querySelectorAll("input[data-hint]");
}

/**
 * @param {ParentNode} form
 * @param {string} key
 * @returns {HTMLInputElement | null}
 */
function field(form, key) {
    return form.querySelector(`#${ID_PREFIX}${CSS.escape(key)}`);
}

/**
 * The hint about valid values, with the limits in the shown unit.
 *
 * @param {HTMLInputElement} input
 */
function hint(input) {
    const { min: least, max: most, dataset } = input;
    const unit =
        /** @type {HTMLElement} */ (input.parentElement).querySelector(".add-on")
            ?.textContent ?? "";
    return _.sprintf(dataset.hint ?? "", { least, most, unit }).trim();
}

/**
 * Whether the user can get to a field: it is neither disabled nor hidden on its pane.
 *
 * @param {HTMLInputElement} input
 */
function isReachable(input) {
    if (input.matches(":disabled")) return false;
    const pane = input.closest(".tab-pane");
    for (
        let part = /** @type {HTMLElement | null} */ (input);
        part && part !== pane;
        part = part.parentElement
    ) {
        if (part.style.display === "none") return false;
    }
    return true;
}
