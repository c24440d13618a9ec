/**
 * What the templates bind to: one heater, and the printer as a whole. Each holds its latest
 * row of the snapshot, from which all texts are made.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../wasm/temp_eta.js").PrinterRow} PrinterRow
 * @typedef {import("./format.js").View} View
 *
 * @typedef {object} Shared
 * @property {typeof import("./format.js")} format
 * @property {() => View} view
 * @property {() => import("./types.js").Settings} settings
 * @property {() => number} now in ms since 1970
 *
 * @typedef {object} SharedByHeaters
 * @property {typeof import("./colors.js")} colors
 * @property {() => number | null} cursor time at the pointer in the graph, in ms since 1970
 * @property {(heater: string) => number | null} valueAtCursor temperature there in °C
 */

import { kind } from "./names.js";

const ICONS = {
    tool: "fas fa-fire",
    bed: "fas fa-layer-group",
    chamber: "fas fa-cube",
    custom: "fas fa-thermometer-half",
};

/** @param {string} heater */
export const icon = (heater) => ICONS[kind(heater)];

/** @type {Partial<Record<HeaterRow["phase"], string>>} */
const DIRECTION_ICONS = {
    heating: "fas fa-arrow-up",
    cooling: "fas fa-arrow-down",
    soaking: "fas fa-hourglass-half",
};

export class Heater {
    #updating;

    /**
     * @param {HeaterRow} first
     * @param {Shared & SharedByHeaters} page
     */
    constructor(first, { format, colors, view, settings, now, cursor, valueAtCursor }) {
        this.heater = first.heater;
        this.row = ko.observable(first);
        /** @type {(() => void)[]} */
        const updates = [];
        /**
         * Written, not computed by Knockout: most values are as before, and then cost nothing more.
         *
         * @template T
         * @param {(row: HeaterRow) => T} read
         */
        const fromRow = (read) => {
            const value = ko.observable(read(first));
            updates.push(() => value(read(this.row())));
            return value;
        };
        /** @param {(row: HeaterRow, view: View) => string} write */
        const text = (write) => fromRow((row) => write(row, view()));

        this.name = text((row, how) => format.name(row.heater, how));
        this.number = text((row, how) => format.number(row.heater, how));
        this.icon = icon(first.heater);
        this.phase = fromRow((row) => row.phase);
        this.time = fromRow((row) => format.time(row, settings().max_eta));
        this.interval = fromRow(format.interval);
        this.finish = fromRow((row) =>
            settings().show_finish_time ? format.finish(row, now()) : "",
        );
        this.status = text(format.status);
        this.temps = text(format.temperatures);
        this.rate = text(format.rate);
        this.summary = text(format.summary);
        this.percent = fromRow((row) => Math.round(100 * (row.progress || 0)));
        this.color = fromRow((row) => colors.progress(row, settings()));
        this.lineColor = `var(${colors.line(first.heater)})`;
        // Written before these, which must not depend on it.
        const hasTime = () => this.time.peek() !== "";
        this.hasCountdown = fromRow(hasTime);
        this.hasProgress = fromRow(
            (row) => row.progress !== null && settings().show_progress_bars,
        );
        this.isImplausible = fromRow(format.isImplausible);
        this.isActive = fromRow(
            (row) => row.phase !== "idle" || format.isImplausible(row),
        );
        // The navigation bar has room for what is waited for.
        this.isInNavbar = fromRow(
            (row) => hasTime() || (row.target > 0 && format.isImplausible(row)),
        );
        this.readout = ko.pureComputed(() => {
            // Read in any case: a forecast under the pointer changes with each row.
            const row = this.row();
            const newest = format.isImplausible(row) ? null : row.actual;
            const celsius = cursor() === null ? newest : valueAtCursor(first.heater);
            return format.measured(celsius ?? Number.NaN, view());
        });
        this.directionIcon = fromRow(
            (row) => (hasTime() && DIRECTION_ICONS[row.phase]) || "",
        );
        this.#updating = ko.computed(() => {
            for (const update of updates) update();
        });
    }

    /** Called when the heater is not shown any more. */
    dispose() {
        this.#updating.dispose();
    }
}

export class Printer {
    /** @param {Shared} page */
    constructor({ format, view, settings, now }) {
        this.row = ko.observable(/** @type {PrinterRow | null} */ (null));
        /** @param {(row: PrinterRow) => string} write */
        const fromRow = (write) =>
            ko.pureComputed(() =>
                this.row() ? write(/** @type {PrinterRow} */ (this.row())) : "",
            );
        this.label = fromRow(format.ready);
        this.time = fromRow((row) => format.time(row, settings().max_eta));
        this.finish = fromRow((row) =>
            settings().show_finish_time ? format.finish(row, now()) : "",
        );
        this.without = fromRow((row) => format.without(row, view()));
    }
}
