// OctoPrint bundles the scripts of all plugins into one classic script, so modules are imported
// at run time.
$(() => {
    /**
     * Imports app.js, whose built file name is in temp_eta_page.jinja2.
     *
     * @returns {Promise<typeof import("./app.js")>}
     */
    function loadApp() {
        const name = document.getElementById("temp_eta_page")?.dataset.app;
        const file = `${PLUGIN_BASEURL}temp_eta/static/built/${name}`;
        return import(new URL(file, document.baseURI).href);
    }

    /** Whether the browser is older than those that the modules are built for. */
    function isTooOld() {
        try {
            new Function("class Newer { #method() {} } let value; value ??= 1;");
            return false;
        } catch (error) {
            // A page's policy may forbid the test, which then says nothing.
            return error instanceof SyntaxError;
        }
    }

    /** @this {import("./types.js").TempEtaViewModel} */
    function TempEtaViewModel(
        /** @type {import("./types.js").TempEtaDependencies} */
        [settings, printerProfiles, login, { permissions }, temperature],
    ) {
        this.heaters = ko.observableArray();
        this.printer = ko.observable(
            /** @type {import("./heater.js").Printer | null} */ (null),
        );
        this.offer = ko.observable(
            /** @type {import("./offer.js").Offer | null} */ (null),
        );
        this.scorecard = ko.observable(
            /** @type {import("./scorecard.js").Scorecard | null} */ (null),
        );
        this.failure = ko.observable("");
        this.ready = ko.observable(false);
        this.announcement = ko.observable("");
        this.sound = ko.observable(
            /** @type {import("./sound.js").SoundState} */ ("off"),
        );
        /** Time at the pointer in the graph: in ms since 1970, and as text. */
        this.cursor = ko.observable(/** @type {number | null} */ (null));
        this.cursorTime = ko.observable("");
        // The saved settings; OctoPrint's own observables have those of the dialog.
        this.saved = ko.observable({});
        const octoprintShowsFahrenheit = ko.observable(false);

        this.shows = (placement) => {
            const saved = this.saved();
            return saved.enabled !== false && saved[placement] !== false;
        };
        const heatersWith = (/** @type {"isActive" | "isInNavbar"} */ property) =>
            ko.pureComputed(() => this.heaters().filter((heater) => heater[property]()));
        /**
         * @param {keyof import("./types.js").Saved} placement
         * @param {() => unknown} condition
         */
        const shownIn = (placement, condition = () => true) =>
            ko.pureComputed(() => this.shows(placement) && condition());

        this.activeHeaters = heatersWith("isActive");
        this.heatersInNavbar = heatersWith("isInNavbar");
        this.noReadings = ko.pureComputed(() => this.ready() && !this.heaters().length);
        this.nothingActive = ko.pureComputed(
            () => this.ready() && !this.noReadings() && !this.activeHeaters().length,
        );
        this.loading = ko.pureComputed(() => !this.ready() && !this.failure());
        this.showInSidebar = shownIn("show_in_sidebar");
        this.showInTab = shownIn("show_in_tab");
        this.showInNavbar = shownIn(
            "show_in_navbar",
            () => this.heatersInNavbar().length,
        );
        this.showGraph = shownIn("show_historical_graph", () => this.heaters().length);
        this.showSoundBlocked = ko.pureComputed(
            () => this.saved().sound_enabled && this.sound() === "blocked",
        );
        this.showSoundMissing = ko.pureComputed(() => this.sound() === "missing");

        /** The heater for a row of the Temperature tab, as a list for `foreach`. */
        this.inline = (key) =>
            ko.pureComputed(() =>
                this.shows("show_in_temperature_tab")
                    ? this.activeHeaters().filter((h) => h.heater === ko.unwrap(key))
                    : [],
            );

        this.maySave = ko.pureComputed(
            () => login.loggedIn() && login.hasPermission(permissions.SETTINGS),
        );

        this.profile = ko.pureComputed(() => {
            const profile = printerProfiles.currentProfileData();
            if (!profile) return null;
            const { count, sharedNozzle } = profile.extruder;
            return {
                // With the base URL, as OctoPrints behind one proxy share the browser's storage.
                id: BASEURL + ko.unwrap(profile.id),
                profileId: ko.unwrap(profile.id),
                tools: sharedNozzle() ? 1 : count(),
                bed: profile.heatedBed(),
                chamber: profile.heatedChamber(),
            };
        });

        /** The options of format.js. */
        this.view = ko.pureComputed(() => {
            const { heaters = [], temp_display: display } = this.saved();
            return {
                tools: this.profile()?.tools ?? 1,
                names: new Map(heaters.map(({ heater, name }) => [heater, name])),
                fahrenheit:
                    display === "octoprint"
                        ? octoprintShowsFahrenheit()
                        : display === "cf",
            };
        });

        const tooOld = () =>
            _.sprintf(
                gettext(
                    "ETA unavailable: this browser is too old. Use %(browsers)s or newer.",
                ),
                { browsers: OLDEST_BROWSERS },
            );

        /** Called when the wasm module has failed; `text` is shown instead of all heaters. */
        this.fail = (
            error,
            text = gettext(
                "ETA unavailable: the calculation could not run in this browser.",
            ),
        ) => {
            this.heaters([]);
            this.printer()?.row(null);
            this.learned([]);
            this.keepingProblem("not_running");
            this.announcement("");
            this.ready(false);
            this.failure(`${text} (${error.message})`);
            console.error("Temperature ETA:", error);
        };

        /** @type {Awaited<ReturnType<typeof import("./app.js").start>> | null} */
        let app = null;
        const starting = loadApp()
            .then(({ start }) => start(this))
            .then((started) => {
                app = started;
                this.ready(true);
            })
            .catch((error) =>
                isTooOld() ? this.fail(error, tooOld()) : this.fail(error),
            );
        /**
         * Calls `action` once the app has started; calls keep their order.
         *
         * @param {(started: NonNullable<typeof app>) => unknown} action
         */
        const whenStarted = (action) =>
            starting
                .then(() => app && action(app))
                .catch((error) => console.error("Temperature ETA:", error));

        /** @type {() => void} */
        let setBound;
        /**
         * Settings and profile say which heaters are counted, so messages wait for them. After each
         * connection they also wait for what was learned, so that the history does not teach what
         * is known.
         *
         * @type {Promise<unknown>}
         */
        let prepared = new Promise((resolve) => {
            setBound = () => resolve(null);
        });
        /** @param {import("./types.js").Message} message */
        const receive = (message) => {
            const now = performance.now();
            return prepared.then(() => whenStarted((it) => it.receive(message, now)));
        };
        this.fromCurrentData = receive;
        // After a reconnect, the new state is shown at once, not with the next tick.
        this.fromHistoryData = (message) => {
            prepared = prepared.then(() => whenStarted((it) => it.learning.connected()));
            return receive(message).then(() => whenStarted((it) => it.refresh()));
        };

        this.onBrowserTabVisibilityChange = (visible) =>
            visible && whenStarted((it) => it.refresh());

        const updateSettings = () => {
            const received = settings.lastReceivedSettings;
            const saved = received?.plugins?.temp_eta;
            if (!saved) return;
            this.saved(saved);
            octoprintShowsFahrenheit(Boolean(received.appearance?.showFahrenheitAlso));
            whenStarted((it) => it.configure(saved));
        };

        const updateProfile = () => {
            const profile = this.profile();
            if (profile) whenStarted((it) => it.setProfile(profile));
        };

        /** Who may see temperatures may read what was learned, who may control the printer write. */
        const updateAccess = () => {
            const read = login.hasPermission(permissions.STATUS);
            const write = login.loggedIn() && login.hasPermission(permissions.CONTROL);
            const profiles = login.hasPermission(permissions.CONNECTION);
            whenStarted((it) =>
                it.learning.allow({ read, write: Boolean(write), profiles }),
            );
        };

        this.onDataUpdaterPluginMessage = (plugin, message) => {
            const change = plugin === "temp_eta" && message && message.learned;
            if (change) whenStarted((it) => it.learning.announce(change));
        };

        this.onBeforeBinding = () => {
            updateSettings();
            // OctoPrint stores the received settings only after this has changed.
            settings.receiving.subscribe(() => Promise.resolve().then(updateSettings));
            ko.computed(updateProfile);
            ko.computed(updateAccess);
            setBound();
        };

        // Another client may have changed the profile; OctoPrint reloads it only when its
        // settings are opened.
        this.onEventPrinterProfileModified = this.onEventConnected = () => {
            whenStarted((it) => {
                printerProfiles.requestData();
                it.learning.findPrinter();
            });
        };

        /** The link of a tab, in the list of tabs or in its drop-down menu. */
        const link = (/** @type {string | undefined} */ id) =>
            $(`#tabs a[href="#${id}"]`);
        this.openTab = () => {
            if (!this.showInTab()) return;
            const ours = link("tab_plugin_temp_eta");
            if (ours.length) {
                ours.tab("show");
                return;
            }
            // Another plugin has moved our tab into its own and removed the link.
            const pane = $("#tab_plugin_temp_eta");
            link(pane.parents(".tab-pane").last().attr("id")).tab("show");
            pane.get(0)?.scrollIntoView({ block: "nearest" });
        };
        this.showInTab.subscribe((shown) => {
            const open = $("#tab_plugin_temp_eta").hasClass("active");
            if (!shown && open) $("#tabs li:visible a").first().tab("show");
        });

        this.unblockSound = () => whenStarted((it) => it.unblockSound());
        // Both tests use the values in the form, saved or not.
        const formValue = (/** @type {import("./types.js").NumberKey} */ key) => {
            const entered = settings.settings.plugins.temp_eta[key]();
            const isNumber = entered !== "" && Number.isFinite(Number(entered));
            return Number(isNumber ? entered : this.saved()[key]);
        };
        this.testSound = () =>
            whenStarted((it) => it.testSound(formValue("sound_volume")));
        this.testToast = () =>
            whenStarted((it) => it.testToast(formValue("notification_timeout_s")));

        /** What was learned, as of the last `refreshLearned`. */
        this.learned = ko.observable(
            /** @type {import("../wasm/temp_eta.js").Learned[]} */ ([]),
        );
        this.keepingProblem = ko.observable(
            /** @type {import("./learned_data.js").Problem} */ ("not_running"),
        );
        this.refreshLearned = () =>
            whenStarted((it) => {
                this.learned(it.learned());
                this.keepingProblem(it.learning.problem);
            });
        this.learnedStates = () => (app ? app.learning.states : new Map());
        this.experience = (heater, numbers) =>
            app ? app.learning.experience(heater, numbers) : -1;
        this.replaceLearned = (states) =>
            starting
                .then(() => (app ? app.learning.replace(states) : false))
                .catch(() => false);
        this.forget = () =>
            starting.then(() => (app ? app.learning.forget() : false)).catch(() => false);
        /** What the printer has reported, for the settings. */
        this.reported = () => app?.reported() ?? [];
        this.measureTimes = (on) => whenStarted((it) => it.measureTimes("settings", on));
        this.diagnostics = () => app?.diagnostics() ?? null;

        this.pluginAlgorithms = ko.observableArray();

        /**
         * Registers an algorithm of another plugin. It can be selected in the settings and is
         * scored like the built-in ones.
         *
         * `estimate(samples, phase)` gets the readings of the current heat-up or cool-down,
         * `[{time, actual, target}, …]` in s and °C, the newest last, and "heating" or
         * "cooling". It returns the remaining seconds from the newest sample on, or `null` if
         * it has no estimate. The id is "plugin.algorithm". The promise resolves to whether
         * the algorithm was registered; if not, the console has the error. Throws if it is
         * called within an estimate.
         */
        this.registerAlgorithm = (algorithm) => {
            app?.refuseWhileAsking();
            const { id, name, estimate } = algorithm ?? {};
            const stopReason = ko.observable(
                /** @type {import("./plugin_algorithms.js").StopReason | ""} */ (""),
            );
            let isRegistered = false;
            const registered = whenStarted((it) => {
                it.plugins.register({ id, name, estimate }, stopReason);
                this.pluginAlgorithms.remove((known) => known.id === id);
                this.pluginAlgorithms.push({ id, name, stopReason });
                isRegistered = true;
            });
            return registered.then(() => isRegistered);
        };

        // Called by OctoPrint's graph, see temperature_tab.js.
        this.extendTimeAxis = (plot) => app?.extendTimeAxis(plot);
        this.drawForecast = (plot, context) =>
            app?.drawForecast(plot, context, temperature?.heaterOptions() ?? {});
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: TempEtaViewModel,
        dependencies: [
            "settingsViewModel",
            "printerProfilesViewModel",
            "loginStateViewModel",
            "accessViewModel",
            "temperatureViewModel",
        ],
        optional: ["temperatureViewModel"],
        elements: [
            "#navbar_plugin_temp_eta",
            "#sidebar_plugin_temp_eta_wrapper",
            "#tab_plugin_temp_eta_link",
            "#tab_plugin_temp_eta",
            "#temp_eta_page",
        ],
    });
});
