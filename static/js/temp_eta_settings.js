// OctoPrint joins all plugins' scripts into one classic script: what is a module is
// imported at run time.
$(() => {
    function loadPane() {
        const name = document.getElementById("temp_eta_page")?.dataset.settingsPane;
        const file = `${PLUGIN_BASEURL}temp_eta/static/built/${name}`;
        return import(new URL(file, document.baseURI).href);
    }

    function TempEtaSettingsViewModel([settings, profiles, login, eta]) {
        /** What the form is bound to, from the first time that the settings are opened. */
        this.pane = ko.observable(null);
        this.failed = ko.observable(false);
        this.hasComplaints = ko.pureComputed(() => this.pane()?.complaints().size > 0);

        let loading = null;
        const load = async () => {
            const { SettingsPane } = await loadPane();
            const form = document.getElementById("temp_eta_settings");
            this.pane(new SettingsPane({ settings, profiles, login, eta, form }));
        };
        const ask = (question) => {
            loading ??= load();
            loading
                .then(() => question(this.pane()))
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
                if (typed && this.pane() && !this.pane().check()) {
                    this.pane().refuse();
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
