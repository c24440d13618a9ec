/**
 * What the templates bind to: one heater, and the printer as a whole. Each holds its last
 * row; every text follows from that.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../wasm/temp_eta.js").PrinterRow} PrinterRow
 * @typedef {import("./format.js").View} View
 *
 * @typedef {object} Shared
 * @property {typeof import("./format.js")} format
 * @property {() => import("./types.js").Settings} settings
 * @property {() => number} now in ms since 1970
 *
 * @typedef {object} SharedByHeaters
 * @property {typeof import("./colors.js")} colors
 * @property {() => View} view
 * @property {() => number | null} cursor where the pointer is in the graph
 * @property {(heater: string) => number | null} read the temperature there, in °C
 */

/** @type {Record<string, string>} */
const ICONS = {
    tool: "fas fa-fire",
    bed: "fas fa-layer-group",
    chamber: "fas fa-cube",
    other: "fas fa-thermometer-half",
};

/** @type {Partial<Record<HeaterRow["phase"], string>>} */
const DIRECTIONS = {
    heating: "fas fa-arrow-up",
    cooling: "fas fa-arrow-down",
};

export class Heater {
    /**
     * @param {HeaterRow} first
     * @param {Shared & SharedByHeaters} page
     */
    constructor(first, { format, colors, view, settings, now, cursor, read }) {
        this.heater = first.heater;
        this.row = ko.observable(first);
        /**
         * @template T
         * @param {(row: HeaterRow) => T} write
         */
        const of = (write) => ko.pureComputed(() => write(this.row()));
        /** @param {(row: HeaterRow, how: View) => string} write */
        const text = (write) => of((row) => write(row, view()));

        this.name = text((row, how) => format.name(row.heater, how));
        this.number = text((row, how) => format.number(row.heater, how));
        const kind = first.heater.replace(/^tool\d+$/, "tool");
        this.icon = Object.hasOwn(ICONS, kind) ? ICONS[kind] : ICONS.other;
        this.phase = of((row) => row.phase);
        this.time = of((row) => format.time(row, settings().max_eta));
        this.interval = of(format.interval);
        this.finish = of((row) =>
            settings().show_finish_time ? format.finish(row, now()) : "",
        );
        this.status = text(format.status);
        this.temps = text(format.temperatures);
        this.rate = text(format.rate);
        this.summary = text(format.summary);
        this.percent = of((row) => Math.round(100 * (row.progress || 0)));
        this.color = of((row) => colors.progress(row, settings()));
        this.line = `var(${colors.line(first.heater)})`;
        this.counted = ko.pureComputed(() => this.time() !== "");
        this.hasProgress = of(
            (row) => row.progress !== null && settings().show_progress_bars,
        );
        this.notable = of((row) => row.phase !== "idle");
        this.readout = ko.pureComputed(() => {
            // Also where the pointer is a forecast changes with each row.
            const { actual } = this.row();
            const celsius = cursor() === null ? actual : read(first.heater);
            return celsius === null ? "–" : format.measured(celsius, view());
        });
        this.direction = of((row) => (this.counted() && DIRECTIONS[row.phase]) || "");
    }
}

export class Printer {
    /** @param {Shared} page */
    constructor({ format, settings, now }) {
        this.row = ko.observable(/** @type {PrinterRow | null} */ (null));
        /** @param {(row: PrinterRow) => string} write */
        const of = (write) =>
            ko.pureComputed(() =>
                this.row() ? write(/** @type {PrinterRow} */ (this.row())) : "",
            );
        this.label = of(format.ready);
        this.time = of((row) => format.time(row, settings().max_eta));
        this.finish = of((row) =>
            settings().show_finish_time ? format.finish(row, now()) : "",
        );
    }
}
