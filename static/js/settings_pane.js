/**
 * The plugin's part of the settings dialog: the form and its validation, the choice of the
 * algorithm, the broker, MQTT publishing and the diagnostics.
 */

import { Broker, resultText } from "./broker.js";
import { Chooser } from "./chooser.js";
import { Clipboard } from "./clipboard.js";
import { Diagnostics } from "./diagnostics.js";
import * as format from "./format.js";
import { icon } from "./heater.js";
import { HeaterList } from "./heater_list.js";
import { LearnedPane } from "./learned_pane.js";
import * as names from "./names.js";
import { notice } from "./notice.js";
import * as scores from "./scores.js";
import { OUTLETS, ServerStatus } from "./server_status.js";
import * as fields from "./settings_form.js";
import * as topic from "./topic.js";
import * as units from "./units.js";

/**
 * @typedef {import("./types.js").NumberKey} NumberKey
 * @typedef {import("./types.js").Refused} Refused
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Status} Status
 *
 * @typedef {object} Page
 * @property {OctoPrint.SettingsViewModel} settings
 * @property {OctoPrint.LoginStateViewModel} login
 * @property {import("./types.js").TempEtaViewModel} eta
 * @property {HTMLElement} form
 */

/** @type {() => Promise<Status>} */
const status = () => Promise.resolve(OctoPrint.simpleApiGet("temp_eta"));
/** @type {(name: string, data?: object) => Promise<any>} */
const command = (name, data) =>
    Promise.resolve(OctoPrint.simpleApiCommand("temp_eta", name, data));

/**
 * Saves a text as a file of the user's.
 *
 * @param {string} name
 * @param {string} text
 */
function download(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    link.click();
    // Not before the browser has begun to read it.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export class SettingsPane {
    #page;

    /** @param {Page} page */
    constructor(page) {
        this.#page = page;
        const { eta, form, settings } = page;
        /** OctoPrint's observables of our settings: the values in the form. */
        this.config = settings.settings.plugins.temp_eta;
        this.eta = eta;
        /** The errors of invalid values, by key. */
        this.errors = ko.observable(/** @type {Map<string, string>} */ (new Map()));
        /**
         * The texts of settings that the server has refused.
         *
         * @type {ko.ObservableArray<string>}
         */
        this.refused = ko.observableArray();

        /** Whether OctoPrint's temperature graph is switched off, or a plugin has replaced it. */
        this.graphIsMissing = ko.observable(false);
        this.hasBed = ko.pureComputed(() => eta.profile()?.bed ?? true);
        this.hasChamber = ko.pureComputed(() => eta.profile()?.chamber ?? true);
        this.usesServer = ko.pureComputed(() =>
            OUTLETS.some((outlet) => this.config[`${outlet}_enabled`]()),
        );
        this.fahrenheit = ko.pureComputed(() => {
            const unit = this.config.threshold_unit();
            if (unit !== "octoprint") return unit === "f";
            return Boolean(settings.appearance_showFahrenheitAlso());
        });
        this.unit = ko.pureComputed(() => (this.fahrenheit() ? "°F" : "°C"));

        this.heaterList = new HeaterList(this.config.heaters, {
            profile: eta.profile,
            reported: eta.reported,
            view: eta.view,
            names,
            icon,
        });
        this.chooser = new Chooser(this.config.algorithm, {
            builtIn: JSON.parse(/** @type {string} */ (form.dataset.algorithms)),
            pluginAlgorithms: eta.pluginAlgorithms,
            learned: eta.learned,
            view: eta.view,
            scores,
            format,
        });
        this.learnedPane = new LearnedPane({
            problem: eta.keepingProblem,
            profile: () => eta.profile()?.profileId ?? "",
            states: eta.learnedStates,
            experience: eta.experience,
            replace: eta.replaceLearned,
            forget: eta.forget,
            names: (heaters) => names.joined(heaters, eta.view()),
            notify: (title, lines, type) => this.#notify(title, lines, type),
            download,
        });
        this.broker = new Broker(this.config, {
            saved: eta.saved,
            appearance: settings.appearance_name,
            topic,
            destination: JSON.parse(/** @type {string} */ (form.dataset.destination)),
            connect: (changes) => command("test_mqtt", { settings: changes }),
            describeRefused: (refused) => this.#describe(refused),
        });
        this.server = new ServerStatus(this.config, {
            status,
            saved: eta.saved,
            resultText,
            renewId: () => command("renew_mqtt_id"),
            notify: (title, lines) => this.#notify(title, lines),
            clipboard: new Clipboard(),
        });
        this.diagnostics = new Diagnostics({
            measureTimes: eta.measureTimes,
            measured: eta.diagnostics,
            status,
            settings: eta.saved,
            learned: eta.learned,
            versions: [`OctoPrint ${DISPLAY_VERSION}`, navigator.userAgent],
            clipboard: new Clipboard(),
        });

        // Validated after the inputs have been given the new values.
        const entered = ko.pureComputed(() => [ko.toJS(this.config), this.fahrenheit()]);
        entered.subscribe(() => setTimeout(() => this.validate()));
        form.addEventListener("input", () => this.validate());
        // Triggered by the dialog, by its list and by the form's panes.
        $("#settings_dialog").on("shown", () => this.#updateActivity());
        eta.saved.subscribe(() => this.server.poll());
    }

    /**
     * Binding for a list of numbers, as the values of its options are strings.
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
     * Binding for the input of a temperature that is stored in °C.
     *
     * @param {NumberKey} key
     * @param {boolean} difference of two temperatures
     */
    degrees(key, difference) {
        const value = this.config[key];
        const { shown, stored } = units;
        return ko.pureComputed({
            read: () => shown(value(), this.fahrenheit(), difference),
            write: (/** @type {string} */ entered) =>
                value(stored(entered, this.fahrenheit(), difference)),
        });
    }

    /**
     * A limit in the form's unit.
     *
     * @param {number} celsius
     * @param {boolean} difference of two temperatures
     */
    limit(celsius, difference) {
        return units.shown(celsius, this.fahrenheit(), difference);
    }

    /**
     * The error of a setting; empty if its value is valid.
     *
     * @param {string} key
     */
    error(key) {
        return this.errors().get(key) ?? "";
    }

    /**
     * Whether a pane has invalid values.
     *
     * @param {string} pane its id
     */
    isInvalid(pane) {
        const keys = [...this.errors().keys()];
        return keys.some((key) => this.#paneOf(key) === pane);
    }

    /** Validates the form; returns whether all values are valid. */
    validate() {
        const { correctable } = fields.errors(this.#page.form);
        if (!_.isEqual([...correctable], [...this.errors()])) this.errors(correctable);
        return correctable.size === 0;
    }

    /** Called before the form is read: resets invalid values that the user cannot correct. */
    beforeSave() {
        const { unreachable } = fields.errors(this.#page.form);
        this.#revert(unreachable);
        this.broker.beforeSave();
        this.refused([]);
    }

    /** Shows the first invalid field and a notice that nothing was saved. */
    showErrors() {
        const { form } = this.#page;
        const errors = Object.fromEntries(this.errors());
        const keys = Object.keys(errors);
        $('#settingsTabs a[href="#settings_plugin_temp_eta"]').tab("show");
        $(`a[href="#${this.#paneOf(keys[0])}"]`, form).tab("show");
        /** @type {HTMLElement | null} */ (
            form.querySelector(`#temp_eta_${keys[0]}`)
        )?.focus();
        this.#notify(gettext("Nothing was saved"), this.#describe(errors));
    }

    /**
     * Shows which settings the server has refused, and why.
     *
     * @param {Refused} refused
     */
    showRefused(refused) {
        this.refused(this.#describe(refused));
        this.#notify(gettext("Some settings were not saved"), this.refused());
    }

    /** Called when the dialog has been opened. */
    async shown() {
        fields.clearBadInput(this.#page.form);
        this.graphIsMissing(!document.getElementById("temperature-graph"));
        this.eta.refreshLearned();
        this.validate();
        this.#updateActivity();
        const { refused } = await status().catch(
            () => /** @type {Partial<Status>} */ ({}),
        );
        this.refused(this.#describe(refused ?? {}));
    }

    /** Called when the dialog has been closed. */
    hidden() {
        this.diagnostics.measure(false);
        this.heaterList.follow(false);
        this.server.setPolling(false);
        this.broker.reset();
    }

    /** Has the server try to connect to the broker, if the form is valid. */
    testBroker() {
        if (this.validate()) this.broker.test();
        else this.showErrors();
    }

    /** Resets all settings to their defaults, after a confirmation. */
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
                    // OctoPrint reloads changed settings only while the dialog is closed.
                    settings.hide();
                    restored().catch(failed);
                }),
        });
    }

    /** Does what some panes need only while they are visible. */
    #updateActivity() {
        const isVisible = (/** @type {string} */ pane) =>
            Boolean(
                /** @type {HTMLElement | null} */ (
                    this.#page.form.querySelector(`#temp_eta_pane_${pane}`)
                )?.offsetParent,
            );
        this.server.setPolling(isVisible("server"));
        this.heaterList.follow(isVisible("heaters"));
        this.diagnostics.measure(isVisible("diagnostics"));
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
    #describe(refused) {
        const entries = Object.entries(refused);
        return entries.map(([key, reason]) =>
            fields.describe(this.#page.form, key, reason),
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
