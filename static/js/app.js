/**
 * The plugin's part of OctoPrint's page: connects the wasm module to the view model, the graph and
 * the alerts.
 */

import { Alerts } from "./alerts.js";
import { Algorithms } from "./algorithms.js";
import * as colors from "./colors.js";
import { Engine } from "./engine.js";
import * as forecast from "./forecast.js";
import * as format from "./format.js";
import { Graph } from "./graph.js";
import { Heater, Printer } from "./heater.js";
import { learnedServer } from "./learned_server.js";
import { Learning } from "./learning.js";
import { LiveRegion } from "./live_region.js";
import { NavbarEntry } from "./navbar.js";
import { notice } from "./notice.js";
import { Offer } from "./offer.js";
import { Pacing } from "./pacing.js";
import { refuseWhileAsking } from "./plugin_algorithms.js";
import { PluginRegistry } from "./plugin_registry.js";
import { Scorecard } from "./scorecard.js";
import * as scores from "./scores.js";
import { Sound } from "./sound.js";
import { isRemoval } from "./storage.js";
import { TabElection } from "./tab_election.js";
import { load } from "./wasm.js";

/**
 * @typedef {import("../wasm/temp_eta.js").PrinterEvent} PrinterEvent
 * @typedef {import("../wasm/temp_eta.js").Snapshot} Snapshot
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").ViewModel} ViewModel
 */

/** Distance of the ticks of OctoPrint's graph, counted back from its end, in s. */
const OCTOPRINT_TICK = 300;

/** The forecast extends OctoPrint's graph by at most this many ticks. */
const MAX_FORECAST_TICKS = 2;

/** Time between the two melodies of the sound test, in ms. */
const SOUND_TEST_INTERVAL = 1000;

/** @param {ViewModel} viewModel */
export async function start(viewModel) {
    return new App(viewModel, await load());
}

class App {
    #viewModel;
    #engine;
    #liveRegion;
    /** @type {NavbarEntry | undefined} */
    #navbar;
    #alerts;
    #sound;
    /** @type {Graph | undefined} */
    #graph;
    #pacing = new Pacing();
    /** Whether there are readings that the graph does not show yet. */
    #graphOutdated = true;
    /** Phases and targets of the heaters: with others there is another forecast to draw. */
    #goals = "";
    /**
     * The forecasts since the last message or tick; `null` until they are needed.
     *
     * @type {import("../wasm/temp_eta.js").Graph[] | null}
     */
    #forecastCache = null;
    #timeAxisExtended = false;
    /** Who needs execution times to be measured. */
    #timesNeededBy = new Set();

    /**
     * @param {ViewModel} viewModel
     * @param {import("./wasm.js").Module} wasm
     */
    constructor(viewModel, wasm) {
        this.#viewModel = viewModel;
        const onFailure = (/** @type {Error} */ error) =>
            viewModel.fail(error, format.broken());
        const storage = () => localStorage;
        this.#engine = new Engine(wasm, (it) => this.#show(it), onFailure, {
            storage,
            server: learnedServer,
            onLearned: () => viewModel.refreshLearned(),
        });
        this.learning = new Learning(this.#engine, learnedServer);
        this.plugins = new PluginRegistry(this.#engine);
        this.#liveRegion = new LiveRegion(format);
        /** @type {HTMLElement | null} */
        const link = document.querySelector("#navbar_plugin_temp_eta > a");
        if (link) this.#navbar = new NavbarEntry(link);
        viewModel.printer(new Printer(this.#shared()));
        this.#showScores();

        const createContext = () => new AudioContext();
        /** @type {(ms: number) => Promise<void>} */
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        this.#sound = new Sound(createContext, viewModel.sound, wait);
        const prefix = `temp_eta/sounded/${BASEURL}`;
        this.#alerts = new Alerts({
            settings: viewModel.saved,
            sound: this.#sound,
            election: new TabElection(storage, prefix, wait),
            toast: (event, seconds) => this.#toast(event, seconds),
            visible: () => !document.hidden,
        });
        const onGesture = (/** @type {Event} */ { type, isTrusted }) => {
            const allows = isTrusted && type === "click";
            if (viewModel.saved().sound_enabled) this.unblockSound(allows);
        };
        for (const gesture of ["click", "keydown"]) {
            document.addEventListener(gesture, onGesture, { capture: true });
        }

        // Another tab has deleted what was learned.
        addEventListener("storage", (event) => {
            if (isRemoval(event)) this.#engine.reloadLearned();
        });

        const element = document.getElementById("temp_eta_graph");
        if (element) {
            const onShown = () => this.#draw();
            const onCursor = (/** @type {number | null} */ ms) => {
                viewModel.cursor(ms);
                viewModel.cursorTime(ms === null ? "" : format.second(ms));
            };
            const page = { colors, format, forecast, onShown, onCursor };
            this.#graph = new Graph(element, page);
        }
    }

    /**
     * @param {Message} message
     * @param {number} now when the message arrived, in ms of `performance.now()`
     */
    receive(message, now) {
        this.#alerts.announce(this.#engine.ingest(message, now));
        if (this.#timesNeededBy.has("console"))
            this.#log(message, performance.now() - now);
        this.#forecastCache = null;
        const hasReadings = Boolean(message.temps?.length);
        this.#graphOutdated ||= hasReadings;
        // The first rows are shown at once, not with the next tick.
        if (!this.#viewModel.heaters().length) this.#refresh();
        else if (hasReadings && !document.hidden) this.#showInsteadOfTick(now);
    }

    /**
     * Shows a message in the frame in which OctoPrint shows it, as each frame has a fixed cost. Ticks
     * follow in between.
     *
     * @param {number} now when the message arrived, in ms of `performance.now()`
     */
    #showInsteadOfTick(now) {
        if (!this.#pacing.shows(now, this.#viewModel.saved().update_interval ?? 0))
            return;
        this.#refresh();
        this.#engine.restartTicker();
    }

    /** Updates everything that is shown, the graph included. */
    refresh() {
        // A tick that waits may be of before the page was hidden.
        this.#engine.restartTicker();
        this.#refresh();
        this.#draw();
    }

    /** @param {import("./types.js").Saved} saved */
    configure(saved) {
        this.#engine.configure(saved);
        if (saved.sound_enabled) this.#sound.prepare();
        this.measureTimes("console", Boolean(saved.debug));
        this.refresh();
    }

    /** @param {import("./types.js").Profile} profile */
    setProfile(profile) {
        this.#engine.setProfile(profile);
        this.learning.setPrinterKnown();
        this.refresh();
    }

    refuseWhileAsking() {
        refuseWhileAsking();
    }

    reported() {
        return this.#engine.reported();
    }

    learned() {
        return this.#engine.learned();
    }

    /**
     * Measures execution times while at least one caller needs them.
     *
     * @param {"console" | "settings"} caller
     * @param {boolean} on
     */
    measureTimes(caller, on) {
        if (on) this.#timesNeededBy.add(caller);
        else this.#timesNeededBy.delete(caller);
        this.#engine.measureTimes(this.#timesNeededBy.size > 0);
    }

    diagnostics() {
        return this.#engine.diagnostics();
    }

    /** @param {boolean} clicked whether it is called for a click of the user's */
    unblockSound(clicked = true) {
        return this.#sound.unblock(clicked).catch((error) => {
            console.warn("Temperature ETA: sound is still blocked", error);
        });
    }

    /**
     * Plays both melodies, one after the other.
     *
     * @param {number} volume 0 to 1
     */
    async testSound(volume) {
        await this.unblockSound();
        this.#sound.play("target_reached", volume);
        const playSecond = () => this.#sound.play("cooldown_finished", volume);
        setTimeout(playSecond, SOUND_TEST_INTERVAL);
    }

    /** @param {number} seconds how long the toast is shown */
    testToast(seconds) {
        const kind = /** @type {const} */ ("target_reached");
        this.#toast({ heater: "bed", kind, actual: 60, target: 60 }, seconds);
    }

    /**
     * Extends the time axis of OctoPrint's graph into the future, for the forecast.
     *
     * @param {Flot.Plot} plot
     */
    extendTimeAxis(plot) {
        if (!forecast.isOpen(plot)) return;
        const horizon = forecast.horizon(this.#forecasts());
        const ticks = Math.min(Math.ceil(horizon / OCTOPRINT_TICK), MAX_FORECAST_TICKS);
        const ahead = 1000 * OCTOPRINT_TICK * ticks;
        // Without a forecast the axis is left to OctoPrint and to other plugins.
        if (!ahead && !this.#timeAxisExtended) return;
        this.#timeAxisExtended = ahead > 0;
        for (const axis of plot.getXAxes()) {
            axis.options.max = ahead ? Date.now() + ahead : null;
        }
    }

    /**
     * Draws the forecasts into OctoPrint's graph.
     *
     * @param {Flot.Plot} plot
     * @param {CanvasRenderingContext2D} context
     * @param {Record<string, {color: string}>} lines OctoPrint's, by heater
     */
    drawForecast(plot, context, lines) {
        if (!forecast.isOpen(plot)) return;
        const color = (/** @type {string} */ heater) => lines[heater]?.color ?? "gray";
        const curves = this.#forecasts();
        forecast.draw(plot, context, curves, Date.now(), color, { outlined: true });
    }

    /**
     * Cached, as each line of OctoPrint's graph asks for them.
     *
     * @returns {import("../wasm/temp_eta.js").Graph[]}
     */
    #forecasts() {
        if (!this.#viewModel.saved().show_forecast) return [];
        this.#forecastCache ??= this.#engine.graph(performance.now(), 0);
        return this.#forecastCache;
    }

    /** Shows how good each algorithm was, and offers a better one. */
    #showScores() {
        const viewModel = this.#viewModel;
        const { learned, maySave, saved, view } = viewModel;
        const algorithms = new Algorithms(viewModel.pluginAlgorithms);
        const page = { algorithms, format, learned, scores };
        viewModel.scorecard(new Scorecard({ ...page, view }));
        const save = (/** @type {object} */ changes) =>
            Promise.resolve(OctoPrint.settings.savePluginSettings("temp_eta", changes));
        viewModel.offer(new Offer({ ...page, maySave, saved, save, notice }));
    }

    #shared() {
        const valueAtCursor = (/** @type {string} */ heater) =>
            this.#graph?.valueAtCursor(heater) ?? null;
        const { view, saved, cursor } = this.#viewModel;
        const now = Date.now;
        return { format, colors, view, cursor, valueAtCursor, settings: saved, now };
    }

    #refresh() {
        const snapshot = this.#engine.snapshot(performance.now());
        if (snapshot) this.#show(snapshot);
    }

    /** @param {Snapshot} snapshot */
    #show({ heaters, printer }) {
        const viewModel = this.#viewModel;
        const known = new Map(viewModel.heaters().map((it) => [it.heater, it]));
        const rows = heaters.map((row) => {
            const heater = known.get(row.heater) ?? new Heater(row, this.#shared());
            heater.row(row);
            return heater;
        });
        const same =
            rows.length === known.size && rows.every((it) => known.has(it.heater));
        if (!same) {
            viewModel.heaters(rows);
            for (const heater of known.values()) {
                if (!rows.includes(heater)) heater.dispose();
            }
        }
        // Set in the constructor.
        /** @type {Printer} */ (viewModel.printer()).row(printer);
        const announcement = this.#liveRegion.update(heaters, viewModel.view());
        if (announcement) viewModel.announcement(announcement);
        this.#navbar?.update();
        this.#forecastCache = null;
        // In the same frame as the texts, since each frame has a fixed cost.
        const goals = heaters.map(({ phase, target }) => `${phase} ${target}`).join();
        const isNew = goals !== this.#goals || this.#graph?.hasMoved(Date.now());
        this.#goals = goals;
        if (this.#graphOutdated && isNew) this.#draw();
    }

    #draw() {
        const { saved, view } = this.#viewModel;
        const settings = saved();
        const window = settings.historical_graph_window_seconds;
        if (!this.#graph?.visible || !window) return;
        const curves = this.#engine.graph(performance.now(), window);
        if (!curves.length) return;
        this.#graphOutdated = false;
        const { fahrenheit } = view();
        const options = { window, fahrenheit, forecast: settings.show_forecast };
        this.#graph.draw(curves, Date.now(), options);
    }

    /**
     * @param {Parameters<typeof format.alert>[0]} event
     * @param {number} seconds
     */
    #toast(event, seconds) {
        const words = format.alert(event, this.#viewModel.view());
        notice(words, { type: "success", delay: 1000 * seconds });
    }

    /**
     * @param {Message} message
     * @param {number} ms time that its processing took
     */
    #log({ temps }, ms) {
        const summaries = this.#viewModel.heaters().map((heater) => heater.summary());
        const rows = temps?.length ?? 0;
        const duration = `${rows} rows in ${ms.toFixed(2)} ms`;
        console.debug("Temperature ETA:", duration, ...summaries, this.diagnostics());
    }
}
