/**
 * The names of heaters on the page: the owner's, or else those of OctoPrint's Temperature tab.
 *
 * @typedef {object} Naming
 * @property {number} tools of the printer, as they are numbered only if there are several
 * @property {Map<string, string>} names the owner's, by heater; empty for none
 */

// From tool0 to tool255, without leading zeros.
const TOOL = /^tool(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

/**
 * What a heater is; `custom` for one of the firmware or a plugin.
 *
 * @param {string} heater
 */
export function kind(heater) {
    if (heater === "bed" || heater === "chamber") return heater;
    return TOOL.test(heater) ? "tool" : "custom";
}

/** @param {string} heater */
export const isCustom = (heater) => kind(heater) === "custom";

/**
 * @param {string} heater
 * @param {Naming} naming
 */
export function name(heater, naming) {
    return naming.names.get(heater) || defaultName(heater, naming);
}

/**
 * A heater's name as OctoPrint's Temperature tab writes it.
 *
 * @param {string} heater
 * @param {Naming} naming
 */
export function defaultName(heater, naming) {
    if (heater === "bed") return gettext("Bed");
    if (heater === "chamber") return gettext("Chamber");
    if (isCustom(heater)) return heater;
    return [gettext("Tool"), number(heater, naming)].filter(Boolean).join(" ");
}

/**
 * A tool's number; empty if there is only one, and for other heaters.
 *
 * @param {string} heater
 * @param {Naming} naming
 */
export function number(heater, { tools }) {
    return (tools > 1 && TOOL.exec(heater)?.[1]) || "";
}

/**
 * The names of several heaters: "Tool, Bed and Chamber".
 *
 * @param {string[]} heaters
 * @param {Naming} naming
 */
export function joined(heaters, naming) {
    const names = heaters.map((heater) => name(heater, naming));
    const last = names.pop() ?? "";
    if (!names.length) return last;
    const words = { others: names.join(", "), last };
    return _.sprintf(gettext("%(others)s and %(last)s"), words);
}
