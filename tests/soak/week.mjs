// A week of a printer's life, as fast as it can be calculated. Knows the wasm module and a
// storage, no page; runs in Node and in the browser alike.

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Messages a second, as close as OctoPrint's come. */
const RATE = 2;

/** A heat-up, an hour of printing, and nothing until the next. */
const CYCLE = 3 * HOUR;
const ON = 1.5 * HOUR;

/** How long OctoPrint's history is, in s. */
const KEPT = 1800;

/** The server's quartz against the page's. */
const DRIFT = 2e-5;

const ROOM = 22;

/** °C it would get to at full power; s it takes to lose and to gain; s until the sensor shows. */
const HEATERS = {
    tool0: { target: 210, most: 420, tau: 180, lag: 6 },
    tool1: { target: 230, most: 430, tau: 190, lag: 6 },
    tool2: { target: 200, most: 410, tau: 170, lag: 5 },
    bed: { target: 60, most: 130, tau: 420, lag: 12 },
    chamber: { target: 45, most: 75, tau: 1500, lag: 30 },
};

/** Repeatable noise between -1 and 1. */
function noise(seed) {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 31 - 1;
    };
}

/** The printer itself, a step of half a second at a time. */
class Printer {
    #noise = noise(7);
    #heaters = Object.entries(HEATERS).map(([name, heater]) => ({
        ...heater,
        name,
        element: ROOM,
        sensor: ROOM,
    }));

    step(on) {
        const dt = 1 / RATE;
        for (const it of this.#heaters) {
            const heats = on && it.sensor < it.target;
            const end = heats ? it.most : ROOM;
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
 * Follows `days` days of the printer's life with `wasm`, the page reloaded once a day and its
 * connection lost some times a day.
 *
 * @param {typeof import("../../static/wasm/temp_eta.js")} wasm
 * @param {object} how
 * @param {number} how.days
 * @param {WebAssembly.Memory} how.memory the module's
 * @param {() => Promise<number>} how.heap bytes that JavaScript's own objects take
 * @returns what was seen each day: how many ways up the bed had, the mean error of the times shown
 *     as a share of the way, by how many s a countdown did not run as a clock does, how many times
 *     were negative, arrivals told, readings kept, bytes of wasm memory and of JavaScript's
 */
export async function live(wasm, { days, memory, heap }) {
    const printer = new Printer();
    const start = 1.8e9;
    const seen = [];
    let history = [];
    let calculation;
    for (let day = 0; day < days; day++) {
        calculation?.free();
        calculation = new wasm.TempEta(() => {});
        calculation.configure({ algorithm: "adaptive" });
        calculation.equip({ id: "soak", tools: 3, bed: true, chamber: true });
        const of = await oneDay({ calculation, printer, history, start, day });
        history = of.history;
        const { samples, marks } = calculation.diagnostics();
        const figures = { ...of.figures, samples, marks };
        const { byteLength } = memory.buffer;
        seen.push({ ...figures, wasm: byteLength, heap: await heap() });
    }
    calculation.free();
    return seen;
}

async function oneDay({ calculation, printer, history, start, day }) {
    const errors = [];
    let way = null;
    let [arrivals, off, negative, offline, fresh] = [0, 0, 0, 0, true];
    for (let step = 0; step < DAY * RATE; step++) {
        const second = day * DAY + step / RATE;
        const on = second % CYCLE < ON;
        printer.step(on);
        const server = start + second * (1 + DRIFT);
        const now = 1000 * second;
        const row = printer.row(Math.floor(server), on);
        if (second % 1 === 0) history.push(row);
        if (history.length > KEPT + 60) history = history.slice(-KEPT);
        // Seven times a day the connection is lost for twenty seconds, the first time at the
        // beginning of a heat-up; the history that comes then has most of it.
        if (step % Math.floor((DAY * RATE) / 7) === 130) offline = 20 * RATE;
        if (offline > 0) {
            offline -= 1;
            fresh = offline === 0;
            continue;
        }
        const temps = fresh ? history.concat(row) : [row];
        const flags = { operational: true, printing: false };
        const message = { serverTime: server + 0.05, temps, state: { flags } };
        arrivals += calculation.ingest(message, now).length;
        fresh = false;
        if (second % 1) continue;
        const { heaters } = calculation.snapshot(now);
        const bed = heaters.find(({ heater }) => heater === "bed");
        for (const { remaining } of heaters) if (remaining < 0) negative += 1;
        if (bed.phase === "heating") {
            way ??= [];
            way.push([second, bed.remaining]);
            // A moment later, without a message.
            const later = calculation.snapshot(now + 400);
            const left = later.heaters.find(({ heater }) => heater === "bed").remaining;
            if (left !== null && bed.remaining !== null)
                off = Math.max(off, Math.abs(Math.max(0, bed.remaining - 0.4) - left));
        } else if (way) {
            if (bed.phase === "at_target" && way.length > 60)
                errors.push(error(way, second));
            way = null;
        }
        // The browser stays usable, and other tests run.
        if (step % 20_000 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    const mean = errors.reduce((sum, it) => sum + it, 0) / errors.length;
    const figures = { ways: errors.length, error: mean, off, negative, arrivals };
    return { history, figures };
}

/** Mean error of the times that were shown on a way that ended at `arrival`, as its share. */
function error(way, arrival) {
    const [[begun]] = way;
    const off = way.map(([at, said]) =>
        said === null ? arrival - at : Math.abs(said - (arrival - at)),
    );
    return off.reduce((sum, it) => sum + it, 0) / off.length / (arrival - begun);
}
