// Simulates days of a printer as fast as possible. Needs the wasm module, but no page, and runs
// in Node and in browsers.
import { LocalCopies } from "../../static/js/storage.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Messages a second; OctoPrint sends no more. */
const RATE = 2;

/** Time from one heat-up to the next, and how long the heaters are on, in s. */
const CYCLE = 3 * HOUR;
const ON_TIME = 1.5 * HOUR;

/** Length of OctoPrint's history in s. */
const HISTORY = 1800;

/** Connections lost each day, and for how many s. */
const DISCONNECTS = 7;
const OFFLINE_TIME = 20;

/** How much faster the server's clock runs than the page's. */
const CLOCK_DRIFT = 2e-5;

/** In °C. */
const AMBIENT = 22;

/** `asymptote` in °C at full power; time constants `tau` and `lag` (of the sensor) in s. */
const HEATERS = {
    tool0: { target: 210, asymptote: 420, tau: 180, lag: 6 },
    tool1: { target: 230, asymptote: 430, tau: 190, lag: 6 },
    tool2: { target: 200, asymptote: 410, tau: 170, lag: 5 },
    bed: { target: 60, asymptote: 130, tau: 420, lag: 12 },
    chamber: { target: 45, asymptote: 75, tau: 1500, lag: 30 },
};

/** Reproducible noise between -1 and 1. */
function noise(seed) {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 31 - 1;
    };
}

/** A simulated printer, in steps of half a second. */
class Printer {
    #noise = noise(7);
    #heaters = Object.entries(HEATERS).map(([name, heater]) => ({
        ...heater,
        name,
        element: AMBIENT,
        sensor: AMBIENT,
    }));

    step(on) {
        const dt = 1 / RATE;
        for (const it of this.#heaters) {
            const heats = on && it.sensor < it.target;
            const end = heats ? it.asymptote : AMBIENT;
            it.element += ((end - it.element) * dt) / it.tau;
            it.sensor += ((it.element - it.sensor) * dt) / it.lag;
        }
    }

    row(time, on) {
        const row = { time };
        for (const { name, sensor, target } of this.#heaters) {
            const actual = Math.round(100 * (sensor + 0.05 * this.#noise())) / 100;
            row[name] = { actual, target: on ? target : 0 };
        }
        return row;
    }
}

/**
 * Simulates days of a printer with the page reloaded once a day and its connection lost several
 * times a day.
 *
 * @param {typeof import("../../static/wasm/temp_eta.js")} wasm
 * @param {object} options
 * @param {number} options.days
 * @param {WebAssembly.Memory} options.memory the module's
 * @param {() => Promise<number>} options.heap bytes of the JavaScript heap
 * @param {() => Storage} options.storage for what is learned; throws if there is none
 * @returns for each day: the number of the bed's heat-ups, the mean error of their countdowns as
 *     a fraction of the duration, the largest deviation of a countdown from real time in s, the
 *     number of negative times and of arrivals, the readings held, bytes of wasm memory and of
 *     the JavaScript heap
 */
export async function simulate(wasm, { days, memory, heap, storage }) {
    const printer = new Printer();
    const local = new LocalCopies(storage, "soak");
    const start = 1.8e9;
    const results = [];
    let history = [];
    let core;
    for (let day = 0; day < days; day++) {
        core?.free();
        core = new wasm.TempEta(() => {});
        core.configure({ algorithm: "adaptive" });
        core.equip({ tools: 3, bed: true, chamber: true });
        for (const [heater, { numbers }] of local.load()) core.recall(heater, numbers);
        const receive = (message, now) => {
            const events = core.ingest(message, now);
            for (const { heater, numbers } of core.taught())
                local.write(heater, { numbers, file: "", revision: 0, changed: true });
            // Besides, the printer is ready after each heat-up.
            return events.filter(({ kind }) => kind !== "printer_ready").length;
        };
        const today = await simulateDay({ core, receive, printer, history, start, day });
        history = today.history;
        const { samples, marks } = core.diagnostics();
        const figures = { ...today.figures, samples, marks };
        const { byteLength } = memory.buffer;
        results.push({ ...figures, wasm: byteLength, heap: await heap() });
    }
    core.free();
    return results;
}

async function simulateDay({ core, receive, printer, history, start, day }) {
    const errors = [];
    let heatUp = null;
    let [arrivals, drift, negative, offlineSteps] = [0, 0, 0, 0];
    let isReconnected = true;
    for (let step = 0; step < DAY * RATE; step++) {
        const second = day * DAY + step / RATE;
        const on = second % CYCLE < ON_TIME;
        printer.step(on);
        const server = start + second * (1 + CLOCK_DRIFT);
        const now = 1000 * second;
        const row = printer.row(Math.floor(server), on);
        if (second % 1 === 0) history.push(row);
        if (history.length > HISTORY + 60) history = history.slice(-HISTORY);
        // The first time is at the start of a heat-up; the history after it has most of it.
        if (step % Math.floor((DAY * RATE) / DISCONNECTS) === 130)
            offlineSteps = OFFLINE_TIME * RATE;
        if (offlineSteps > 0) {
            offlineSteps -= 1;
            isReconnected = offlineSteps === 0;
            continue;
        }
        const temps = isReconnected ? history.concat(row) : [row];
        const flags = { operational: true, printing: false };
        const message = { serverTime: server + 0.05, temps, state: { flags } };
        arrivals += receive(message, now);
        isReconnected = false;
        if (second % 1) continue;
        const { heaters } = core.snapshot(now);
        const bed = heaters.find(({ heater }) => heater === "bed");
        for (const { remaining } of heaters) if (remaining < 0) negative += 1;
        if (bed.phase === "heating") {
            heatUp ??= [];
            heatUp.push([second, bed.remaining]);
            // 0.4 s later, without a message.
            const later = core.snapshot(now + 400);
            const left = later.heaters.find(({ heater }) => heater === "bed").remaining;
            if (left !== null && bed.remaining !== null) {
                const expected = Math.max(0, bed.remaining - 0.4);
                drift = Math.max(drift, Math.abs(expected - left));
            }
        } else if (heatUp) {
            if (bed.phase === "at_target" && heatUp.length > 60)
                errors.push(meanError(heatUp, second));
            heatUp = null;
        }
        // Lets the browser and other tests run.
        if (step % 20_000 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    const mean = errors.reduce((sum, it) => sum + it, 0) / errors.length;
    const transients = errors.length;
    const figures = { transients, error: mean, drift, negative, arrivals };
    return { history, figures };
}

/** Mean error of a heat-up's countdown as a fraction of its duration; `arrival` is its end. */
function meanError(heatUp, arrival) {
    const [[start]] = heatUp;
    const errors = heatUp.map(([at, remaining]) =>
        remaining === null ? arrival - at : Math.abs(remaining - (arrival - at)),
    );
    return errors.reduce((sum, it) => sum + it, 0) / errors.length / (arrival - start);
}
