// OctoPrint joins all plugins' scripts into one classic script: what is a module is
// imported at run time.
$(() => {
    /**
     * One heater as the templates see it.
     *
     * @param {object} format the module format.js
     * @param {() => string[]} heaters names of all heaters that are shown
     */
    function HeaterViewModel(format, first, heaters) {
        this.heater = first.heater;
        this.row = ko.observable(first);
        const text = (write) => ko.pureComputed(() => write(this.row(), heaters()));

        this.name = text((row, all) => format.name(row.heater, all));
        this.phase = text((row) => row.phase);
        this.time = text(format.time);
        this.status = text(format.status);
        this.temps = text(format.temperatures);
        this.summary = text(format.summary);
        this.percent = text((row) => Math.round(100 * (row.progress || 0)));
        this.underway = text((row) => row.goal !== null);
        this.notable = text((row) => row.phase !== "idle");
        this.direction = text((row) => (format.time(row) && DIRECTIONS[row.phase]) || "");
    }

    const DIRECTIONS = {
        heating: "fas fa-arrow-up",
        cooling: "fas fa-arrow-down",
    };

    function TempEtaViewModel([settings, printerProfiles]) {
        const build = document.getElementById("temp_eta_page")?.dataset.build || "";

        this.heaters = ko.observableArray();
        this.failure = ko.observable("");
        this.ready = ko.observable(false);
        // The settings as saved; the dialog's observables follow every keystroke.
        this.saved = ko.observable({});

        this.shows = (placement) => {
            const saved = this.saved();
            return saved.enabled !== false && saved[placement] !== false;
        };

        // What is off and cool is no news.
        this.notable = ko.pureComputed(() => this.heaters().filter((h) => h.notable()));
        this.quiet = ko.pureComputed(() => this.ready() && !this.notable().length);
        this.loading = ko.pureComputed(() => !this.ready() && !this.failure());
        this.showInSidebar = ko.pureComputed(() => this.shows("show_in_sidebar"));

        /** The heater for a row of the Temperature tab, as a list for `foreach`. */
        this.inline = (key) =>
            ko.pureComputed(() =>
                this.shows("show_in_temperature_tab")
                    ? this.notable().filter((h) => h.heater === ko.unwrap(key))
                    : [],
            );

        const show = (format, snapshot) => {
            const known = new Map(this.heaters().map((h) => [h.heater, h]));
            const names = () => this.heaters().map((h) => h.heater);
            const rows = snapshot.heaters.map((row) => {
                const heater = known.get(row.heater);
                heater?.row(row);
                return heater || new HeaterViewModel(format, row, names);
            });
            const same =
                rows.length === known.size && rows.every((h) => known.has(h.heater));
            if (!same) this.heaters(rows);
        };

        const fail = (error) => {
            this.heaters([]);
            this.ready(false);
            this.failure(
                gettext(
                    "ETA unavailable: the calculation could not run in this browser.",
                ),
            );
            console.error("Temperature ETA:", error);
        };

        const file = (name) => {
            const path = `${PLUGIN_BASEURL}temp_eta/static/js/${name}?v=${build}`;
            return new URL(path, document.baseURI).href;
        };

        const started = async () => {
            const [{ Engine, load }, format] = await Promise.all(
                ["engine.js", "format.js"].map((name) => import(file(name))),
            );
            const engine = new Engine(
                await load(),
                (snapshot) => show(format, snapshot),
                fail,
            );
            const refresh = () => {
                const snapshot = engine.snapshot(performance.now());
                if (snapshot) show(format, snapshot);
            };
            this.ready(true);
            return { engine, refresh };
        };

        // What is asked of the engine before it has started waits for it, in order.
        const running = started().catch(fail);
        const ask = (question) =>
            running
                .then((it) => it && question(it.engine, it.refresh))
                .catch((error) => console.error("Temperature ETA:", error));

        const receive = (message) => {
            const now = performance.now();
            ask((engine, refresh) => {
                engine.ingest(message, now);
                // The first rows are not to wait for the next tick.
                if (!this.heaters().length) refresh();
            });
        };
        this.fromHistoryData = receive;
        this.fromCurrentData = receive;

        this.onBrowserTabVisibilityChange = (visible) =>
            visible && ask((_engine, refresh) => refresh());

        this.onBeforeBinding = () => {
            const follow = () => {
                const saved = settings.lastReceivedSettings?.plugins?.temp_eta;
                if (!saved) return;
                this.saved(saved);
                ask((engine, refresh) => {
                    engine.configure(saved);
                    refresh();
                });
            };
            follow();
            // OctoPrint fills in what it has received after it says that it has.
            settings.receiving.subscribe(() => queueMicrotask(follow));

            ko.computed(() => {
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
                ask((engine, refresh) => {
                    engine.equip(equipment);
                    refresh();
                });
            });
        };

        patchTemperatureRow();
        viewModel = this;
    }

    // The rows of the Temperature tab may belong to another plugin's view model, or ours
    // may have failed: a binding of our own works in all of them and never throws.
    let viewModel;
    ko.bindingHandlers.tempEta = {
        init(element, value) {
            try {
                const name = "temp-eta-inline-template";
                if (!document.getElementById(name)) throw new Error(`no ${name}`);
                const template = {
                    name,
                    foreach: viewModel.inline(value()),
                };
                ko.applyBindingsToNode(element, { template });
            } catch (error) {
                console.warn(
                    "Temperature ETA: no countdown in the Temperature tab",
                    error,
                );
            }
            return { controlsDescendantBindings: true };
        },
    };

    /** Puts our binding into OctoPrint's row template, before OctoPrint binds it. */
    function patchTemperatureRow() {
        const script = document.getElementById("temprow-template");
        if (!script || script.text.includes("tempEta:")) return;
        const row = document.createElement("template");
        row.innerHTML = script.text;
        const cell = row.content.querySelector(".temperature_actual");
        if (!cell) return;
        const countdown = document.createElement("div");
        countdown.dataset.bind = "tempEta: key";
        // OctoPrint's `html` binding replaces all that is in its element.
        if (cell.dataset.bind) {
            const actual = document.createElement("span");
            actual.dataset.bind = cell.dataset.bind;
            delete cell.dataset.bind;
            cell.append(actual);
        }
        cell.append(countdown);
        script.text = row.innerHTML;
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: TempEtaViewModel,
        dependencies: ["settingsViewModel", "printerProfilesViewModel"],
        elements: ["#sidebar_plugin_temp_eta_wrapper"],
    });
});
