// OctoPrint bundles the scripts of all plugins into one classic script, so modules are imported
// at run time.
/** @typedef {import("./settings_pane.js").SettingsPane} SettingsPane */
$(() => {
    /** @returns {Promise<typeof import("./settings_pane.js")>} */
    function loadPane() {
        const name = document.getElementById("temp_eta_page")?.dataset.settingsPane;
        const file = `${PLUGIN_BASEURL}temp_eta/static/built/${name}`;
        return import(new URL(file, document.baseURI).href);
    }

    /** @this {import("./types.js").TempEtaSettingsViewModel} */
    function TempEtaSettingsViewModel(
        /** @type {import("./types.js").TempEtaSettingsDependencies} */
        [settings, login, eta],
    ) {
        /** What the form is bound to; created when the settings are opened for the first time. */
        this.pane = ko.observable(/** @type {SettingsPane | null} */ (null));
        this.failed = ko.observable(false);
        this.hasErrors = ko.pureComputed(
            () => /** @type {number} */ (this.pane()?.errors().size) > 0,
        );

        /** @type {Promise<void> | null} */
        let loading = null;
        const load = async () => {
            const { SettingsPane } = await loadPane();
            const form = /** @type {HTMLElement} */ (
                document.getElementById("temp_eta_settings")
            );
            this.pane(new SettingsPane({ settings, login, eta, form }));
        };
        /** @param {(pane: SettingsPane) => unknown} action */
        const whenLoaded = (action) => {
            loading ??= load();
            loading
                .then(() => action(/** @type {SettingsPane} */ (this.pane())))
                .catch((error) => {
                    this.failed(!this.pane());
                    console.error("Temperature ETA:", error);
                });
        };

        // OctoPrint has no hook to prevent saving.
        this.onBeforeBinding = () => {
            const save = settings.saveData;
            settings.saveData = (data, ...rest) => {
                // Data saved by other callers is left to the server's validation.
                const isForm = data === undefined && $("#settings_dialog").is(":visible");
                const pane = this.pane();
                if (isForm && pane && !pane.validate()) {
                    pane.showErrors();
                    return $.Deferred().reject().promise();
                }
                return save.call(settings, data, ...rest);
            };
        };

        this.onSettingsShown = () => whenLoaded((pane) => pane.shown());
        this.onSettingsHidden = () => this.pane()?.hidden();
        this.onSettingsBeforeSave = () => this.pane()?.beforeSave();
        this.onDataUpdaterPluginMessage = (plugin, message) => {
            const refused = plugin === "temp_eta" && message?.refused;
            if (refused) whenLoaded((pane) => pane.showRefused(refused));
        };
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: TempEtaSettingsViewModel,
        dependencies: ["settingsViewModel", "loginStateViewModel", "tempEtaViewModel"],
        elements: ["#settings_plugin_temp_eta", "#settings_plugin_temp_eta_link"],
    });
});
