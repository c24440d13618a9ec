// OctoPrint joins all plugins' scripts into one classic script: what is a module is
// imported at run time.
/** @typedef {import("./settings_pane.js").SettingsPane} SettingsPane */
$(() => {
    /** @returns {Promise<typeof import("./settings_pane.js")>} */
    function loadPane() {
        const name = document.getElementById("temp_eta_page")?.dataset.settingsPane;
        const file = `${PLUGIN_BASEURL}temp_eta/static/built/${name}`;
        return import(new URL(file, document.baseURI).href);
    }

    /** @this {import("./types.js").EtaSettings} */
    function TempEtaSettingsViewModel(
        /** @type {import("./types.js").EtaSettingsParts} */
        [settings, profiles, login, eta],
    ) {
        /** What the form is bound to, from the first time that the settings are opened. */
        this.pane = ko.observable(/** @type {SettingsPane | null} */ (null));
        this.failed = ko.observable(false);
        this.hasComplaints = ko.pureComputed(
            () => /** @type {number} */ (this.pane()?.complaints().size) > 0,
        );

        /** @type {Promise<void> | null} */
        let loading = null;
        const load = async () => {
            const { SettingsPane } = await loadPane();
            const form = /** @type {HTMLElement} */ (
                document.getElementById("temp_eta_settings")
            );
            this.pane(new SettingsPane({ settings, profiles, login, eta, form }));
        };
        /** @param {(pane: SettingsPane) => unknown} question */
        const ask = (question) => {
            loading ??= load();
            loading
                .then(() => question(/** @type {SettingsPane} */ (this.pane())))
                .catch((error) => {
                    this.failed(!this.pane());
                    console.error("Temperature ETA:", error);
                });
        };

        // OctoPrint asks nobody whether what is typed may be saved.
        this.onBeforeBinding = () => {
            const save = settings.saveData;
            settings.saveData = (data, ...rest) => {
                // Other saves are not for us to stop; the server refuses what is wrong.
                const typed = data === undefined && $("#settings_dialog").is(":visible");
                const pane = this.pane();
                if (typed && pane && !pane.check()) {
                    pane.refuse();
                    return $.Deferred().reject().promise();
                }
                return save.call(settings, data, ...rest);
            };
        };

        this.onSettingsShown = () => ask((pane) => pane.shown());
        this.onSettingsHidden = () => this.pane()?.hidden();
        this.onSettingsBeforeSave = () => this.pane()?.beforeSave();
        this.onDataUpdaterPluginMessage = (plugin, message) => {
            const refused = plugin === "temp_eta" && message?.refused;
            if (refused) ask((pane) => pane.tell(refused));
        };
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: TempEtaSettingsViewModel,
        dependencies: [
            "settingsViewModel",
            "printerProfilesViewModel",
            "loginStateViewModel",
            "tempEtaViewModel",
        ],
        elements: ["#settings_plugin_temp_eta", "#settings_plugin_temp_eta_link"],
    });
});
