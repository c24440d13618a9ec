// What OctoPrint's page has as globals, as far as our modules use it.
import ko from "knockout";
import moment from "moment";
import { sprintf } from "sprintf-js";

globalThis.gettext = (text) => text;
globalThis.ngettext = (one, many, count) => (count === 1 ? one : many);
globalThis._ = { sprintf };
globalThis.ko = ko;
globalThis.moment = moment;

/** A row of the calculation: a bed half on its way to 60 °C. */
export function row(changes) {
    return {
        heater: "bed",
        phase: "heating",
        actual: 41.25,
        target: 60,
        goal: 60,
        remaining: null,
        interval: null,
        reason: null,
        rate: 0.5,
        progress: 0.5,
        ...changes,
    };
}
