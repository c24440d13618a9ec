import { group } from "d3-array";

// Copies of the readings as worse printers report them, always the same ones.

/** Sensor noise, as a standard deviation in °C: a thermistor in a good and in a bad board. */
const NOISE = 0.5;
const STRONG_NOISE = 1;

/** Intervals of two streams in s: M155's own reports, and those of M109 while it waits. */
const STREAMS = [2, 1];

/** By how much a report is late, at most, as a share of the interval of its stream. */
const LATE = 0.3;

/** Shortest and longest time between two reports of a busy printer, in s. */
const INTERVALS = [0.5, 10];

/** Share of the reports that are lost, and of those after which nothing comes for a while (s). */
const LOST = 0.1;
const SILENT = 0.01;
const SILENCE = [10, 30];

/** Time between two readings in s beyond which nothing is known of what was between them. */
const GAP = 15;

/** What can be wrong with readings, by its name in the table. */
export const DEGRADATIONS = {
    [`Noise, ${NOISE} °C`]: (readings, random) => noisy(readings, random, NOISE),
    [`Noise, ${STRONG_NOISE} °C`]: (readings, random) =>
        noisy(readings, random, STRONG_NOISE),
    "Whole degrees": (readings) =>
        readings.map((it) => measured(it, Math.round(it.actual))),
    "Two streams": interleaved,
    "0.5 to 10 s apart": irregular,
    "Lost reports": incomplete,
    "All of it": (readings, random) =>
        noisy(incomplete(irregular(readings, random), random), random, NOISE),
};

/** The readings of a printer with one of the degradations. */
export function degraded(name, printer, readings) {
    const random = generator(`${name} ${printer}`);
    const byHeater = group(readings, ({ heater }) => heater);
    const copies = [...byHeater.values()].flatMap((it) => DEGRADATIONS[name](it, random));
    return copies.sort((a, b) => a.time - b.time);
}

function noisy(readings, random, deviation) {
    return readings.map((it) => measured(it, it.actual + deviation * normal(random)));
}

/** Reports of two streams that know nothing of each other. */
function interleaved(readings, random) {
    const streams = STREAMS.map((interval) =>
        resampled(readings, () => interval * (1 + LATE * (random() - 0.5))),
    );
    return streams.flat().sort((a, b) => a.time - b.time);
}

function irregular(readings, random) {
    const [least, most] = INTERVALS;
    return resampled(readings, () => least * (most / least) ** random());
}

function incomplete(readings, random) {
    const [least, most] = SILENCE;
    let silentUntil = -Infinity;
    return readings.filter(({ time }) => {
        if (random() < SILENT) silentUntil = time + least + (most - least) * random();
        return time >= silentUntil && random() >= LOST;
    });
}

/** The readings at other times, each `interval()` s after the one before. */
function resampled(readings, interval) {
    const copies = [readings[0]];
    let next = readings[0].time + interval();
    for (const [i, to] of readings.slice(1).entries()) {
        const from = readings[i];
        if (to.time - from.time > GAP) {
            copies.push(to);
            next = to.time + interval();
        }
        for (; next <= to.time; next += interval()) {
            const share = (next - from.time) / (to.time - from.time);
            const actual = from.actual + share * (to.actual - from.actual);
            // The target is the one that was set when the next reading came.
            copies.push(measured({ ...to, time: next }, actual));
        }
    }
    return copies;
}

/** The reading with another temperature, in hundredths of a degree as printers report it. */
function measured(reading, actual) {
    const rounded = Math.round(100 * actual) / 100;
    const { time, heater, target } = reading;
    const line = `${time.toFixed(3)},${heater},${rounded},${target}`;
    return { ...reading, actual: rounded, line };
}

/** Normally distributed (Box & Muller, 1958). */
function normal(random) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
}

/** Numbers from 0 to 1 that depend on `seed` only (FNV-1a and Mulberry32, both public domain). */
function generator(seed) {
    let state = 0x811c9dc5;
    for (const letter of seed) {
        state = Math.imul(state ^ letter.codePointAt(0), 0x01000193);
    }
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
