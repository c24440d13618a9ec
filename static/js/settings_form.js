/**
 * What is wrong with what has been typed into the form.
 *
 * The limits are attributes of its inputs, so it is the browser that checks them; the words
 * are those that the template has for each field.
 */

/** What the ids of fields begin with: `temp_eta_min_rate`. */
const FIELD = "temp_eta_";

/**
 * Why the value of an input is not possible; empty if it is.
 *
 * @param {HTMLInputElement} input
 */
export function complaint(input) {
    return input.validity.valid ? "" : right(input);
}

/**
 * What is wrong in a form, by the settings' keys: of fields that apply, and of others, which
 * nobody can correct.
 *
 * @param {ParentNode} form
 */
export function complaints(form) {
    /** @type {{wrong: Map<string, string>, unasked: string[]}} */
    const found = { wrong: new Map(), unasked: [] };
    for (const input of inputs(form)) {
        const [key, text] = [input.id.slice(FIELD.length), complaint(input)];
        if (text && applies(input)) found.wrong.set(key, text);
        else if (text) found.unasked.push(key);
    }
    return found;
}

/**
 * Empties fields that hold what the browser does not even hand over.
 *
 * @param {ParentNode} form
 */
export function dropGarbage(form) {
    for (const input of inputs(form)) {
        if (input.validity.badInput) input.value = "";
    }
}

/**
 * How the form calls a setting, and why its value was refused.
 *
 * @param {ParentNode} form
 * @param {string} key
 * @param {string} reason the server's, where the form has no words for it
 */
export function described(form, key, reason) {
    const input = field(form, key);
    if (!input) return `${key}: ${reason}`;
    const group = input.closest("[role=group]")?.getAttribute("aria-labelledby");
    const label =
        form.querySelector(`label[for="${input.id}"]`) ?? input.closest("label");
    const words = [group ? form.querySelector(`#${group}`) : null, label];
    const name = words.map((it) => it?.textContent.trim()).filter(Boolean);
    return `${name.join(", ")}: ${right(input) || reason}`;
}

/**
 * The id of the pane that a setting's field is on.
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
    return form.querySelectorAll("input[data-right]");
}

/**
 * @param {ParentNode} form
 * @param {string} key
 * @returns {HTMLInputElement | null}
 */
function field(form, key) {
    return form.querySelector(`#${FIELD}${CSS.escape(key)}`);
}

/**
 * What would be right, with the limits as they are shown.
 *
 * @param {HTMLInputElement} input
 */
function right(input) {
    const { min: least, max: most, dataset } = input;
    const unit =
        /** @type {HTMLElement} */ (input.parentElement).querySelector(".add-on")
            ?.textContent ?? "";
    return _.sprintf(dataset.right ?? "", { least, most, unit }).trim();
}

/**
 * Whether a field can be reached: it is neither switched off nor hidden on its pane.
 *
 * @param {HTMLInputElement} input
 */
function applies(input) {
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
