/**
 * Everything behind the settings, put together: what is typed and what is wrong with it, the
 * algorithms and how good they were, the broker, the relay, the diagnostics.
 */

import { Broker, verdict } from "./broker.js";
import { Chooser } from "./chooser.js";
import { Clipboard } from "./clipboard.js";
import * as degrees from "./degrees.js";
import { Diagnostics } from "./diagnostics.js";
import * as format from "./format.js";
import { notice } from "./notice.js";
import { Relay } from "./relay.js";
import * as scores from "./scores.js";
import * as fields from "./settings_form.js";
import * as topic from "./topic.js";

/**
 * @typedef {import("./types.js").NumberKey} NumberKey
 * @typedef {import("./types.js").Refused} Refused
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Status} Status
 *
 * @typedef {object} Page what the view models lend to it
 * @property {OctoPrint.SettingsViewModel} settings
 * @property {OctoPrint.PrinterProfilesViewModel} profiles
 * @property {OctoPrint.LoginStateViewModel} login
 * @property {import("./types.js").Eta} eta
 * @property {HTMLElement} form
 */

/** @type {() => Promise<Status>} */
const status = () => Promise.resolve(OctoPrint.simpleApiGet("temp_eta"));
/** @type {(name: string, data?: object) => Promise<any>} */
const command = (name, data) =>
    Promise.resolve(OctoPrint.simpleApiCommand("temp_eta", name, data));

export class SettingsPane {
    #page;

    /** @param {Page} page */
    constructor(page) {
        this.#page = page;
        const { eta, form, profiles, settings } = page;
        /** OctoPrint's observables of our settings: what is typed, saved or not. */
        this.config = settings.settings.plugins.temp_eta;
        this.eta = eta;
        /** What is wrong, by key. */
        this.complaints = ko.observable(/** @type {Map<string, string>} */ (new Map()));
        /**
         * Settings that the server has refused, in words.
         *
         * @type {ko.ObservableArray<string>}
         */
        this.refused = ko.observableArray();

        const profile = () => profiles.currentProfileData();
        this.hasBed = ko.pureComputed(() => profile()?.heatedBed() ?? true);
        this.hasChamber = ko.pureComputed(() => profile()?.heatedChamber() ?? true);
        this.fahrenheit = ko.pureComputed(() => {
            const unit = this.config.threshold_unit();
            if (unit !== "octoprint") return unit === "f";
            return Boolean(settings.appearance_showFahrenheitAlso());
        });
        this.unit = ko.pureComputed(() => (this.fahrenheit() ? "°F" : "°C"));

        this.chooser = new Chooser(this.config.algorithm, {
            ours: JSON.parse(/** @type {string} */ (form.dataset.algorithms)),
            guests: eta.guests,
            learned: eta.learned,
            view: eta.view,
            scores,
            format,
        });
        this.broker = new Broker(this.config, {
            saved: eta.saved,
            appearance: settings.appearance_name,
            topic,
            destination: JSON.parse(/** @type {string} */ (form.dataset.destination)),
            tryOut: (typed) => command("test_mqtt", { settings: typed }),
            described: (refused) => this.#described(refused),
        });
        this.relay = new Relay(this.config, {
            status,
            saved: eta.saved,
            verdict,
            renewId: () => command("renew_mqtt_id"),
            notify: (title, lines) => this.#notify(title, lines),
            clipboard: new Clipboard(),
        });
        this.diagnostics = new Diagnostics({
            watch: eta.watch,
            measured: eta.diagnostics,
            status,
            settings: eta.saved,
            versions: [`OctoPrint ${DISPLAY_VERSION}`, navigator.userAgent],
            clipboard: new Clipboard(),
        });

        // An input knows what is wrong with it only once a new value has come in.
        const typed = ko.pureComputed(() => [ko.toJS(this.config), this.fahrenheit()]);
        typed.subscribe(() => setTimeout(() => this.check()));
        form.addEventListener("input", () => this.check());
        // Of the dialog, its list and the form's own.
        $("#settings_dialog").on("shown", () => this.#followIfSeen());
        eta.saved.subscribe(() => this.relay.ask());
    }

    /**
     * What to bind to a list of numbers, whose entries are texts: opening is no change.
     *
     * @param {NumberKey} key
     */
    number(key) {
        const value = this.config[key];
        return ko.pureComputed({
            read: () => String(value()),
            write: (/** @type {string} */ chosen) => value(Number(chosen)),
        });
    }

    /**
     * What to bind to the input of a temperature that is stored in °C.
     *
     * @param {NumberKey} key
     * @param {boolean} difference of two temperatures
     */
    degrees(key, difference) {
        const value = this.config[key];
        const { shown, stored } = degrees;
        return ko.pureComputed({
            read: () => shown(value(), this.fahrenheit(), difference),
            write: (/** @type {string} */ typed) =>
                value(stored(typed, this.fahrenheit(), difference)),
        });
    }

    /**
     * A limit as the form shows it.
     *
     * @param {number} celsius
     * @param {boolean} difference of two temperatures
     */
    limit(celsius, difference) {
        return degrees.shown(celsius, this.fahrenheit(), difference);
    }

    /**
     * What is wrong with a setting; empty if nothing is.
     *
     * @param {string} key
     */
    complaint(key) {
        return this.complaints().get(key) ?? "";
    }

    /**
     * Whether something is wrong on one of the panes.
     *
     * @param {string} pane its id
     */
    isWrong(pane) {
        const keys = [...this.complaints().keys()];
        return keys.some((key) => this.#paneOf(key) === pane);
    }

    /** Looks the form through; says whether all is right. */
    check() {
        const { wrong } = fields.complaints(this.#page.form);
        if (!_.isEqual([...wrong], [...this.complaints()])) this.complaints(wrong);
        return wrong.size === 0;
    }

    /** What is typed is about to be read. */
    beforeSave() {
        const { unasked } = fields.complaints(this.#page.form);
        this.#revert(unasked);
        this.broker.beforeSave();
        this.refused([]);
    }

    /** Leads to the first field that is wrong, and says why nothing is saved. */
    refuse() {
        const { form } = this.#page;
        const wrong = Object.fromEntries(this.complaints());
        const keys = Object.keys(wrong);
        $('#settingsTabs a[href="#settings_plugin_temp_eta"]').tab("show");
        $(`a[href="#${this.#paneOf(keys[0])}"]`, form).tab("show");
        /** @type {HTMLElement | null} */ (
            form.querySelector(`#temp_eta_${keys[0]}`)
        )?.focus();
        this.#notify(gettext("Nothing was saved"), this.#described(wrong));
    }

    /**
     * Tells which settings the server has refused, and why.
     *
     * @param {Refused} refused
     */
    tell(refused) {
        this.refused(this.#described(refused));
        this.#notify(gettext("Some settings were not saved"), this.refused());
    }

    /** The dialog has been opened. */
    async shown() {
        fields.dropGarbage(this.#page.form);
        this.eta.inspect();
        this.check();
        this.#followIfSeen();
        const { refused } = await status().catch(
            () => /** @type {Partial<Status>} */ ({}),
        );
        this.refused(this.#described(refused ?? {}));
    }

    /** The dialog has been closed. */
    hidden() {
        this.diagnostics.measure(false);
        this.relay.watch(false);
        this.broker.reset();
    }

    /** Has the server try the broker, if what is typed can be one. */
    testBroker() {
        if (this.check()) this.broker.test();
        else this.refuse();
    }

    /** Gives all settings their defaults, after asking. */
    restore() {
        const { settings, login } = this.#page;
        const restored = async () => {
            await command("reset_settings");
            this.#notify(gettext("Defaults restored"), [], "success");
        };
        const failed = () => this.#notify(gettext("Restore failed"), []);
        showConfirmationDialog({
            message: gettext(
                "This resets all Temperature ETA settings, including the broker and its password. Unsaved changes in this dialog are lost.",
            ),
            proceed: gettext("Restore"),
            onproceed: () =>
                login.reauthenticateIfNecessary(() => {
                    // With the dialog closed OctoPrint's page asks for all anew.
                    settings.hide();
                    restored().catch(failed);
                }),
        });
    }

    /** Forgets what the heaters have taught this browser, after asking. */
    forget() {
        showConfirmationDialog({
            message: gettext(
                "This deletes what this browser has learned about this printer.",
            ),
            proceed: gettext("Delete"),
            onproceed: () => this.eta.forget(),
        });
    }

    /** What costs something is done only while somebody looks at it. */
    #followIfSeen() {
        const seen = (/** @type {string} */ pane) =>
            Boolean(
                /** @type {HTMLElement | null} */ (
                    this.#page.form.querySelector(`#temp_eta_pane_${pane}`)
                )?.offsetParent,
            );
        this.relay.watch(seen("mqtt"));
        this.diagnostics.measure(seen("diagnostics"));
    }

    /** @param {string[]} keys */
    #revert(keys) {
        const saved = this.eta.saved();
        for (const name of keys) {
            const key = /** @type {keyof Saved} */ (name);
            /** @type {ko.Observable<any>} */ (this.config[key])?.(saved[key]);
        }
    }

    /** @param {string} key */
    #paneOf(key) {
        return fields.pane(this.#page.form, key);
    }

    /** @param {Refused} refused */
    #described(refused) {
        const entries = Object.entries(refused);
        return entries.map(([key, reason]) =>
            fields.described(this.#page.form, key, reason),
        );
    }

    /**
     * @param {string} title
     * @param {string[]} lines
     * @param {"error" | "success"} type
     */
    #notify(title, lines, type = "error") {
        const words = { title, text: lines.join("\n") };
        notice(words, { type, hide: type === "success" });
    }
}
