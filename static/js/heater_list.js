/**
 * The list of heaters and sensors in the settings: which ones are shown, and what the owner calls
 * them. OctoPrint's observable of the setting holds only what differs from the default.
 *
 * @typedef {import("./types.js").OwnHeater} OwnHeater
 * @typedef {import("./types.js").Profile} Profile
 * @typedef {import("../wasm/temp_eta.js").Reported} Reported
 *
 * @typedef {object} Page
 * @property {() => Profile | null} profile OctoPrint's printer profile
 * @property {() => Reported[]} reported what the printer has reported so far
 * @property {() => import("./format.js").View} view
 * @property {typeof import("./names.js")} names
 * @property {(heater: string) => string} icon
 */

/** Time between two looks at what the printer has reported, in ms. */
const UPDATE_INTERVAL = 1000;

export class HeaterList {
    #stored;
    #page;
    /** @type {number | undefined} */
    #timer;
    #reported = ko.observable(/** @type {Reported[]} */ ([]));
    /**
     * Kept, so that a field in use stays the same.
     *
     * @type {Map<string, Row>}
     */
    #rows = new Map();

    /**
     * @param {ko.Observable<OwnHeater[]>} stored the setting's value in the form
     * @param {Page} page
     */
    constructor(stored, page) {
        this.#stored = stored;
        this.#page = page;
        // Those from the server consist of observables.
        this.entries = ko.pureComputed(() =>
            stored().map((entry) => {
                const { heater, counted, name } = ko.toJS(entry);
                return { heater, counted, name };
            }),
        );
        this.ofProfile = ko.pureComputed(() => heatersOf(page.profile()));
        this.isComplete = ko.pureComputed(() => this.#reported().length > 0);
        this.rows = ko.pureComputed(() => this.#heaters().map((it) => this.#row(it)));
    }

    /**
     * Follows what the printer reports, while the list is visible.
     *
     * @param {boolean} on
     */
    follow(on) {
        clearInterval(this.#timer);
        this.#timer = on ? setInterval(() => this.#update(), UPDATE_INTERVAL) : undefined;
        if (on) this.#update();
    }

    /**
     * What the owner has said about a heater, or what holds without that.
     *
     * @param {string} heater
     * @returns {OwnHeater}
     */
    entry(heater) {
        const known = this.entries().find((it) => it.heater === heater);
        return known ?? { heater, counted: !this.#page.names.isCustom(heater), name: "" };
    }

    /**
     * @param {string} heater
     * @param {Partial<OwnHeater>} changes
     */
    change(heater, changes) {
        const entry = { ...this.entry(heater), ...changes };
        const entries = this.entries();
        const place = entries.findIndex((it) => it.heater === heater);
        const isDefault = entry.counted !== this.#page.names.isCustom(heater);
        const kept = isDefault && !entry.name ? [] : [entry];
        if (place < 0) entries.push(...kept);
        else entries.splice(place, 1, ...kept);
        this.#stored(entries);
    }

    /** @param {string} heater */
    reported(heater) {
        return this.#reported().find((it) => it.heater === heater);
    }

    #update() {
        const reported = this.#page.reported();
        if (!_.isEqual(reported, this.#reported())) this.#reported(reported);
    }

    /** Those of the profile, then other heaters, then sensors by name. */
    #heaters() {
        const first = this.ofProfile();
        const known = [...this.#reported(), ...this.entries()].map((it) => it.heater);
        const others = [...new Set(known)].filter((it) => !first.includes(it));
        const rank = (/** @type {string} */ heater) => {
            if (!this.#page.names.isCustom(heater)) return 0;
            return this.reported(heater)?.hadTarget ? 1 : 2;
        };
        others.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
        return [...first, ...others];
    }

    /** @param {string} heater */
    #row(heater) {
        const id = `temp_eta_heater_${this.#rows.size}`;
        const row = this.#rows.get(heater) ?? new Row(heater, id, this, this.#page);
        this.#rows.set(heater, row);
        return row;
    }
}

class Row {
    /**
     * @param {string} heater
     * @param {string} id of its checkbox
     * @param {HeaterList} list
     * @param {Page} page
     */
    constructor(heater, id, list, { names, view, icon }) {
        this.heater = heater;
        this.id = id;
        this.labelId = `${id}_label`;
        this.icon = icon(heater);
        this.defaultName = ko.pureComputed(() => names.defaultName(heater, view()));
        // Such a heater does not exist for OctoPrint, nor for the calculation.
        this.isMissing = ko.pureComputed(
            () => !names.isCustom(heater) && !list.ofProfile().includes(heater),
        );
        this.note = ko.pureComputed(() => {
            if (this.isMissing()) return gettext("not in the printer profile");
            if (!names.isCustom(heater)) return "";
            const reported = list.reported(heater);
            if (!reported) return gettext("not reported");
            return reported.hadTarget ? "" : gettext("sensor");
        });
        this.counted = ko.pureComputed({
            read: () => !this.isMissing() && list.entry(heater).counted,
            write: (/** @type {boolean} */ counted) => list.change(heater, { counted }),
        });
        this.name = ko.pureComputed({
            read: () => list.entry(heater).name,
            write: (/** @type {string} */ name) =>
                list.change(heater, { name: name.trim() }),
        });
    }
}

/**
 * The heaters of a printer profile, as OctoPrint lists them.
 *
 * @param {Profile | null} profile
 */
function heatersOf(profile) {
    if (!profile) return [];
    const tools = Array.from({ length: profile.tools }, (_, i) => `tool${i}`);
    const others = /** @type {const} */ (["bed", "chamber"]);
    return [...tools, ...others.filter((heater) => profile[heater])];
}
