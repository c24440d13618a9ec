/**
 * Everything behind the view model, put together: the calculation, what is shown of it, the
 * graph, the alerts.
 */

import { Alerts } from "./alerts.js";
import { Announcer } from "./announcer.js";
import { load } from "./calculation.js";
import { Claims } from "./claims.js";
import * as colors from "./colors.js";
import { Engine } from "./engine.js";
import * as forecast from "./forecast.js";
import * as format from "./format.js";
import { Graph } from "./graph.js";
import * as guests from "./guests.js";
import { Heater, Printer } from "./heater.js";
import { notice } from "./notice.js";
import { Sound } from "./sound.js";

/**
 * @typedef {import("../wasm/temp_eta.js").Arrival} Arrival
 * @typedef {import("../wasm/temp_eta.js").Snapshot} Snapshot
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Screen} Screen what the view model lends to it
 */

/** What the keys of lessons begin with in the browser's storage. */
const LESSONS = "temp_eta/1/";

/** OctoPrint's graph counts its ticks back from its end, in steps of so many s. */
const OCTOPRINTS_TICK = 300;

/** Most such steps that the forecast may take of OctoPrint's graph. */
const MOST_TICKS = 2;

/** @param {Screen} screen */
export async function start(screen) {
    return new Page(screen, await load());
}

class Page {
    #screen;
    #engine;
    #announcer;
    #alerts;
    #sound;
    /** @type {Graph | undefined} */
    #graph;
    /** Whether there is something new that the graph does not show. */
    #undrawn = true;
    /** @type {import("../wasm/temp_eta.js").Graph[] | null} */
    #ahead = null;
    #madeRoom = false;
    /**
     * Which function stands for each algorithm of another plugin, by id.
     *
     * @type {Map<string, import("../wasm/temp_eta.js").GuestEstimate>}
     */
    #guests = new Map();
    /** Who wants times to be measured. */
    #watchers = new Set();

    /**
     * @param {Screen} screen
     * @param {import("./calculation.js").Module} wasm
     */
    constructor(screen, wasm) {
        this.#screen = screen;
        const broken = (/** @type {Error} */ error) =>
            screen.fail(error, format.broken());
        this.#engine = new Engine(wasm, (it) => this.#show(it), broken);
        this.#announcer = new Announcer(format);
        screen.printer(new Printer(this.#shared()));

        const created = () => new AudioContext();
        this.#sound = new Sound(created, screen.soundBlocked);
        /** @type {(ms: number) => Promise<void>} */
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        const prefix = `temp_eta/sounded/${BASEURL}`;
        this.#alerts = new Alerts({
            settings: screen.saved,
            sound: this.#sound,
            claims: new Claims(() => localStorage, prefix, wait),
            toast: (arrival, seconds) => this.#toast(arrival, seconds),
            visible: () => !document.hidden,
        });
        for (const gesture of ["click", "keydown"]) {
            const touched = () => screen.saved().sound_enabled && this.unblockSound();
            document.addEventListener(gesture, touched, { capture: true });
        }

        // Another page has forgotten what was learned.
        addEventListener("storage", ({ key, newValue }) => {
            const lesson = key === null || key.startsWith(LESSONS);
            if (lesson && newValue === null) this.#engine.recall();
        });

        const element = document.getElementById("temp_eta_graph");
        if (element) {
            const onShown = () => this.#draw();
            const onCursor = (/** @type {number | null} */ ms) => {
                screen.cursor(ms);
                screen.cursorTime(ms === null ? "" : format.second(ms));
            };
            const page = { colors, format, forecast, onShown, onCursor };
            this.#graph = new Graph(element, page);
        }
    }

    /**
     * @param {Message} message
     * @param {number} now when it arrived, in ms of `performance.now()`
     */
    receive(message, now) {
        this.#alerts.announce(this.#engine.ingest(message, now));
        if (this.#watchers.has("console")) this.#log(message, performance.now() - now);
        this.#ahead = null;
        // The first rows are not to wait for the next tick.
        if (!this.#screen.heaters().length) this.#refresh();
        this.#undrawn ||= Boolean(message.temps?.length);
    }

    /** Shows all as it is now. */
    refresh() {
        this.#refresh();
        this.#draw();
    }

    /** @param {import("./types.js").Saved} saved */
    configure(saved) {
        this.#engine.configure(saved);
        if (saved.sound_enabled) this.#sound.prepare();
        this.watch("console", Boolean(saved.debug));
        this.refresh();
    }

    /** @param {import("../wasm/temp_eta.js").Profile} profile */
    equip(profile) {
        this.#engine.equip(profile);
        this.refresh();
    }

    /**
     * Takes in an algorithm of another plugin.
     *
     * @throws {TypeError | RangeError} if it is not of the right form, or one too many
     * @param {import("./guests.js").Algorithm} algorithm
     * @param {(why: guests.End) => void} onEnd called when it has been switched off
     */
    register(algorithm, onEnd) {
        guests.check(algorithm);
        /** @type {Parameters<typeof guests.guarded>[1]} */
        const ended = (why, error) => {
            console.warn(`Temperature ETA: ${algorithm.id} is off (${why})`, error ?? "");
            // Now it is still in the middle of an estimate; then it may be another one.
            queueMicrotask(() => {
                const same = this.#guests.get(algorithm.id) === estimate;
                if (same) this.#engine.dismiss(algorithm.id);
            });
            notice(guests.ended(algorithm.name, why), { type: "error", hide: false });
            onEnd(why);
        };
        const estimate = guests.guarded(algorithm, ended);
        this.#engine.register(algorithm.id, estimate);
        this.#guests.set(algorithm.id, estimate);
    }

    learned() {
        return this.#engine.learned();
    }

    forget() {
        this.#engine.forget();
        this.refresh();
    }

    /**
     * Measures times as long as anybody wants it.
     *
     * @param {"console" | "settings"} who
     * @param {boolean} on
     */
    watch(who, on) {
        if (on) this.#watchers.add(who);
        else this.#watchers.delete(who);
        this.#engine.watch(this.#watchers.size > 0);
    }

    diagnostics() {
        return this.#engine.diagnostics();
    }

    unblockSound() {
        return this.#sound.unblock().catch((error) => {
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
        setTimeout(() => this.#sound.play("cooldown_finished", volume), 1000);
    }

    /**
     * Shows a toast.
     *
     * @param {number} seconds
     */
    testToast(seconds) {
        /** @type {Omit<Arrival, "time">} */
        const arrival = { heater: "bed", phase: "at_target", actual: 60, target: 60 };
        this.#toast(arrival, seconds);
    }

    /**
     * Moves the end of OctoPrint's graph, so that the forecast has room on it.
     *
     * @param {Flot.Plot} plot
     */
    makeRoom(plot) {
        const ticks = Math.ceil(forecast.horizon(this.#forecasts()) / OCTOPRINTS_TICK);
        const ahead = 1000 * OCTOPRINTS_TICK * Math.min(ticks, MOST_TICKS);
        // Where there is nothing ahead, the end of the axis is none of our business.
        if (!ahead && !this.#madeRoom) return;
        this.#madeRoom = ahead > 0;
        for (const axis of plot.getXAxes()) {
            axis.options.max = ahead ? Date.now() + ahead : null;
        }
    }

    /**
     * Draws the forecast into OctoPrint's graph.
     *
     * @param {Flot.Plot} plot
     * @param {CanvasRenderingContext2D} context
     * @param {Record<string, {color: string}>} lines OctoPrint's, by heater
     */
    drawAhead(plot, context, lines) {
        const color = (/** @type {string} */ heater) => lines[heater]?.color ?? "gray";
        const curves = this.#forecasts();
        forecast.draw(plot, context, curves, Date.now(), color);
    }

    /**
     * Asked for by each line of OctoPrint's graph, calculated once.
     *
     * @returns {import("../wasm/temp_eta.js").Graph[]}
     */
    #forecasts() {
        if (!this.#screen.saved().show_forecast) return [];
        this.#ahead ??= this.#engine.graph(performance.now(), 0);
        return this.#ahead;
    }

    #shared() {
        const read = (/** @type {string} */ heater) => this.#graph?.read(heater) ?? null;
        const { view, saved, cursor } = this.#screen;
        return { format, colors, view, cursor, read, settings: saved, now: Date.now };
    }

    #refresh() {
        const snapshot = this.#engine.snapshot(performance.now());
        if (snapshot) this.#show(snapshot);
    }

    /** @param {Snapshot} snapshot */
    #show({ heaters, printer }) {
        const screen = this.#screen;
        const known = new Map(screen.heaters().map((it) => [it.heater, it]));
        const rows = heaters.map((row) => {
            const heater = known.get(row.heater) ?? new Heater(row, this.#shared());
            heater.row(row);
            return heater;
        });
        const same =
            rows.length === known.size && rows.every((it) => known.has(it.heater));
        if (!same) screen.heaters(rows);
        // Put there by the constructor.
        /** @type {Printer} */ (screen.printer()).row(printer);
        const news = this.#announcer.news(heaters, screen.view());
        if (news) screen.announcement(news);
        this.#ahead = null;
        // With the texts, as each frame costs more than what is in it.
        if (this.#undrawn && this.#graph?.hasMoved(Date.now())) this.#draw();
    }

    #draw() {
        const { saved, view } = this.#screen;
        const settings = saved();
        const window = settings.historical_graph_window_seconds;
        if (!this.#graph?.visible || !window) return;
        const curves = this.#engine.graph(performance.now(), window);
        if (!curves.length) return;
        this.#undrawn = false;
        const { fahrenheit } = view();
        const how = { window, fahrenheit, forecast: settings.show_forecast };
        this.#graph.draw(curves, Date.now(), how);
    }

    /**
     * @param {Omit<Arrival, "time">} arrival
     * @param {number} seconds
     */
    #toast(arrival, seconds) {
        const words = format.arrived(arrival, this.#screen.view());
        notice(words, { type: "success", delay: 1000 * seconds });
    }

    /**
     * @param {Message} message
     * @param {number} ms that it took
     */
    #log({ temps }, ms) {
        const said = this.#screen.heaters().map((heater) => heater.summary());
        const rows = temps?.length ?? 0;
        const took = `${rows} rows in ${ms.toFixed(2)} ms`;
        console.debug("Temperature ETA:", took, ...said, this.diagnostics());
    }
}
