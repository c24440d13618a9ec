// OctoPrint joins all plugins' scripts into one classic script: what is a module is
// imported at run time.
$(() => {
    /**
     * The module behind the page, under the name that temp_eta_page.jinja2 knows.
     *
     * @returns {Promise<typeof import("./page.js")>}
     */
    function loadPage() {
        const name = document.getElementById("temp_eta_page")?.dataset.page;
        const file = `${PLUGIN_BASEURL}temp_eta/static/built/${name}`;
        return import(new URL(file, document.baseURI).href);
    }

    /** @this {import("./types.js").Eta} */
    function TempEtaViewModel(
        /** @type {import("./types.js").EtaParts} */
        [settings, printerProfiles, temperature],
    ) {
        this.heaters = ko.observableArray();
        this.printer = ko.observable(
            /** @type {import("./heater.js").Printer | null} */ (null),
        );
        this.failure = ko.observable("");
        this.ready = ko.observable(false);
        this.announcement = ko.observable("");
        this.soundBlocked = ko.observable(false);
        /** Where the pointer is in the graph, in ms and in words. */
        this.cursor = ko.observable(/** @type {number | null} */ (null));
        this.cursorTime = ko.observable("");
        // The settings as saved; the dialog's observables follow every keystroke.
        this.saved = ko.observable({});
        const octoprintShowsFahrenheit = ko.observable(false);

        this.shows = (placement) => {
            const saved = this.saved();
            return saved.enabled !== false && saved[placement] !== false;
        };
        const heatersThat = (/** @type {"notable" | "counted"} */ property) =>
            ko.pureComputed(() => this.heaters().filter((heater) => heater[property]()));
        /**
         * @param {keyof import("./types.js").Saved} placement
         * @param {() => unknown} more
         */
        const shownIn = (placement, more = () => true) =>
            ko.pureComputed(() => this.shows(placement) && more());

        // What is off and cool is no news.
        this.notable = heatersThat("notable");
        this.counted = heatersThat("counted");
        this.quiet = ko.pureComputed(
            () => this.ready() && !this.strange() && !this.notable().length,
        );
        this.strange = ko.pureComputed(() => this.ready() && !this.heaters().length);
        this.loading = ko.pureComputed(() => !this.ready() && !this.failure());
        this.showInSidebar = shownIn("show_in_sidebar");
        this.showInTab = shownIn("show_in_tab");
        this.showInNavbar = shownIn("show_in_navbar", () => this.counted().length);
        this.showGraph = shownIn("show_historical_graph", () => this.heaters().length);
        this.silenced = ko.pureComputed(
            () => this.saved().sound_enabled && this.soundBlocked(),
        );

        /** The heater for a row of the Temperature tab, as a list for `foreach`. */
        this.inline = (key) =>
            ko.pureComputed(() =>
                this.shows("show_in_temperature_tab")
                    ? this.notable().filter((h) => h.heater === ko.unwrap(key))
                    : [],
            );

        /** How texts are written, see format.js. */
        this.view = ko.pureComputed(() => {
            const display = this.saved().temp_display;
            return {
                heaters: this.heaters().map((h) => h.heater),
                fahrenheit:
                    display === "octoprint"
                        ? octoprintShowsFahrenheit()
                        : display === "cf",
            };
        });

        /** Nothing more is to come of the calculation, of which `why` tells in words. */
        this.fail = (
            error,
            why = gettext(
                "ETA unavailable: the calculation could not run in this browser.",
            ),
        ) => {
            this.heaters([]);
            this.printer()?.row(null);
            this.announcement("");
            this.ready(false);
            this.failure(`${why} (${error.message})`);
            console.error("Temperature ETA:", error);
        };

        // What is asked of the page before it has started waits for it, in order.
        /** @type {Awaited<ReturnType<typeof import("./page.js").start>> | null} */
        let page = null;
        const running = loadPage()
            .then(({ start }) => start(this))
            .then((started) => {
                page = started;
                this.ready(true);
            })
            .catch(this.fail);
        /** @param {(started: NonNullable<typeof page>) => unknown} question */
        const ask = (question) =>
            running
                .then(() => page && question(page))
                .catch((error) => console.error("Temperature ETA:", error));

        /** @param {import("./types.js").Message} message */
        const receive = (message) => {
            const now = performance.now();
            ask((it) => it.receive(message, now));
        };
        this.fromCurrentData = receive;
        // What was missed while there was no connection is not to wait for the next tick.
        this.fromHistoryData = (message) => {
            receive(message);
            ask((it) => it.refresh());
        };

        this.onBrowserTabVisibilityChange = (visible) =>
            visible && ask((it) => it.refresh());

        const followSettings = () => {
            const received = settings.lastReceivedSettings;
            const saved = received?.plugins?.temp_eta;
            if (!saved) return;
            this.saved(saved);
            octoprintShowsFahrenheit(Boolean(received.appearance?.showFahrenheitAlso));
            ask((it) => it.configure(saved));
        };

        const followProfile = () => {
            const profile = printerProfiles.currentProfileData();
            if (!profile) return;
            const { count, sharedNozzle } = profile.extruder;
            const equipment = {
                // Two OctoPrints behind one proxy share the browser's storage.
                id: BASEURL + ko.unwrap(profile.id),
                tools: sharedNozzle() ? 1 : count(),
                bed: profile.heatedBed(),
                chamber: profile.heatedChamber(),
            };
            ask((it) => it.equip(equipment));
        };

        this.onBeforeBinding = () => {
            followSettings();
            // OctoPrint fills in what it has received after it says that it has.
            settings.receiving.subscribe(() => queueMicrotask(followSettings));
            ko.computed(followProfile);
        };

        // OctoPrint's page asks for the profiles anew when its own settings are opened;
        // another one may have changed them.
        this.onEventPrinterProfileModified = this.onEventConnected = () => {
            ask(() => printerProfiles.requestData());
        };

        /** The link of our tab, be it in the list of tabs or in its drop-down. */
        const link = () => $('#tabs a[href="#tab_plugin_temp_eta"]');
        this.openTab = () => this.showInTab() && link().tab("show");
        this.showInTab.subscribe((shown) => {
            const open = $("#tab_plugin_temp_eta").hasClass("active");
            if (!shown && open) $("#tabs li:visible a").first().tab("show");
        });

        this.unblockSound = () => ask((it) => it.unblockSound());
        // The tests try what is in the form, saved or not.
        const form = (/** @type {import("./types.js").NumberKey} */ key) => {
            const typed = settings.settings.plugins.temp_eta[key]();
            const isNumber = typed !== "" && Number.isFinite(Number(typed));
            return Number(isNumber ? typed : this.saved()[key]);
        };
        this.testSound = () => ask((it) => it.testSound(form("sound_volume")));
        this.testToast = () => ask((it) => it.testToast(form("notification_timeout_s")));

        /** What the heaters have taught, as of the last `inspect`. */
        this.learned = ko.observable(
            /** @type {import("../wasm/temp_eta.js").Learned[]} */ ([]),
        );
        this.inspect = () => ask((it) => this.learned(it.learned()));
        this.forget = () => ask((it) => it.forget()).then(this.inspect);
        this.watch = (on) => ask((it) => it.watch("settings", on));
        this.diagnostics = () => page?.diagnostics() ?? null;

        /** Algorithms of other plugins; `off` says why one is not asked any more. */
        this.guests = ko.observableArray();

        /**
         * Takes in an algorithm of another plugin: shown in the settings, scored like ours.
         *
         * `estimate(samples, phase)` gets what has been measured on the present way,
         * `[{time, actual, target}, …]` in s and °C, the newest last, and "heating" or
         * "cooling"; it returns the seconds left from the newest sample on, or null where
         * it cannot tell. The id is "plugin.algorithm". The promise says whether it was
         * taken; why not is in the console.
         */
        this.registerAlgorithm = async (algorithm) => {
            const { id, name, estimate } = algorithm ?? {};
            const guest = {
                id,
                name,
                off: ko.observable(/** @type {import("./guests.js").End | ""} */ ("")),
            };
            let taken = false;
            await ask((it) => {
                it.register({ id, name, estimate }, guest.off);
                this.guests.remove((known) => known.id === id);
                this.guests.push(guest);
                taken = true;
            });
            return taken;
        };

        // Called by OctoPrint's graph, see temperature_tab.js.
        this.makeRoom = (plot) => page?.makeRoom(plot);
        this.drawAhead = (plot, context) =>
            page?.drawAhead(plot, context, temperature?.heaterOptions() ?? {});
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: TempEtaViewModel,
        dependencies: [
            "settingsViewModel",
            "printerProfilesViewModel",
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
