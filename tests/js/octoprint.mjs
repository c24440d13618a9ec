// The globals of OctoPrint's page that our modules use.
import { isDeepStrictEqual as isEqual } from "node:util";
import ko from "knockout";
import moment from "moment";
import { sprintf } from "sprintf-js";

globalThis.gettext = (text) => text;
globalThis.ngettext = (one, many, count) => (count === 1 ? one : many);
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text) => text.replace(/[&<>]/g, (it) => ENTITIES[it]);
globalThis._ = { escape: escaped, isEqual, sprintf };
globalThis.ko = ko;
globalThis.moment = moment;

/** What format.js needs to know: one tool, no names of the owner's, °C alone. */
export const VIEW = { tools: 1, names: new Map(), fahrenheit: false };

/** A heater's row of the snapshot: a bed halfway to 60 °C, with `changes`. */
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
