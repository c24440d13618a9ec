/**
 * The two charts: the temperature with its forecast, and the estimates of each algorithm.
 *
 * @typedef {import("uplot").AlignedData} AlignedData
 * @typedef {import("./chart.js").Kind} Kind
 * @typedef {import("./chart.js").Line} Line
 * @typedef {import("./colors.js").Colors} Colors
 * @typedef {import("./recording.js").Event} Event
 * @typedef {import("./recording.js").Reading} Reading
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./replay.js").Algorithm} Algorithm
 * @typedef {import("./replay.js").Replay} Replay
 */

import { Chart, TIMES } from "./chart.js";
import { colorsOf } from "./colors.js";
import { span } from "./recording.js";
import { ALGORITHMS } from "./replay.js";
import { duration } from "./words.js";

/** Longest time drawn, as a share of the total duration; longer estimates are far off. */
const HIGHEST = 1.5;

/** The opacity of later readings. */
const LATER = 0.3;

/**
 * Exponential equals Linear on a straight line; both must be visible.
 *
 * @type {Partial<Record<Algorithm, number[]>>}
 */
const DASHES = { exponential: [7, 5] };

/** @type {Kind} */
const TEMPERATURE = {
    height: 250,
    label: (celsius) => `${celsius}°`,
    lines: [
        { color: ({ faint }) => faint, width: 1, steps: true },
        { color: ({ ink }) => translucent(ink, LATER), width: 2 },
        { color: ({ ink }) => ink, width: 2.5 },
    ],
};

/** @type {Kind} */
const REMAINING = {
    height: 230,
    label: (seconds) => duration(seconds),
    steps: TIMES,
    lines: [
        { color: ({ ink }) => ink, width: 1.5, joined: true },
        ...ALGORITHMS.map(lineOf),
    ],
};

/**
 * @param {Algorithm} algorithm
 * @returns {Line}
 */
function lineOf(algorithm) {
    return {
        color: (colors) => colors[algorithm],
        width: 2.5,
        dash: DASHES[algorithm],
    };
}

export class Diagrams {
    #element;
    /** @type {Colors | undefined} */
    #colors;
    #temperature;
    #remaining;
    /** @type {Recording | undefined} */
    #recording;

    /**
     * @param {HTMLElement} element with a place for each
     * @param {(time: number) => void} onSeek in s of the recording
     */
    constructor(element, onSeek) {
        const seek = (/** @type {number} */ time) => {
            if (this.#recording) onSeek(time + this.#recording.event.start);
        };
        this.#element = element;
        this.#temperature = new Chart(place(element, "temperature"), TEMPERATURE, seek);
        this.#remaining = new Chart(place(element, "remaining"), REMAINING, seek);
    }

    /** @param {Recording} recording */
    load(recording) {
        this.#recording = recording;
        const { event, readings } = recording;
        const [first, last] = span(event);
        /** @type {[number, number]} */
        const times = [first - event.start, last - event.start];
        const shown = [event.goal, ...readings.map(({ actual }) => actual)];
        const [low, high] = [Math.min(...shown), Math.max(...shown)];
        const margin = 0.06 * (high - low);
        this.#temperature.scale(times, [low - margin, high + margin]);
        this.#remaining.scale(times, [0, HIGHEST * (event.arrival - event.start)]);
        this.paint();
    }

    /** Applies the site's colors. */
    paint() {
        this.#colors = colorsOf(this.#element);
        this.#temperature.paint(this.#colors);
        this.#remaining.paint(this.#colors);
    }

    /**
     * @param {Replay} replay
     * @param {number} now in s of the recording
     * @param {Algorithm} algorithm whose forecast is drawn
     */
    draw(replay, now, algorithm) {
        if (!this.#recording || !this.#colors) return;
        const { event, readings } = this.#recording;
        const { start } = event;
        const points = replay.forecast(algorithm).map(({ time, celsius }) => ({
            time: time - start,
            value: celsius,
        }));
        this.#temperature.draw(temperatures(event, readings, now), now - start, {
            color: this.#colors[algorithm],
            points,
        });
        this.#remaining.draw(remainders(event, replay, now), now - start);
        for (const [name, text] of Object.entries(described(this.#recording, now))) {
            place(this.#element, name).setAttribute("aria-label", text);
        }
    }
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function place(element, name) {
    return /** @type {HTMLElement} */ (element.querySelector(`[data-chart="${name}"]`));
}

/**
 * Times, target, all readings, readings known so far.
 *
 * @param {Event} event
 * @param {Reading[]} readings
 * @param {number} now
 * @returns {AlignedData}
 */
function temperatures(event, readings, now) {
    const goal = (/** @type {Reading} */ { time, target }) => {
        if (time >= event.start) return event.goal;
        return target > 0 ? target : null;
    };
    return [
        readings.map(({ time }) => time - event.start),
        readings.map(goal),
        readings.map(({ actual }) => actual),
        readings.map(({ time, actual }) => (time <= now ? actual : null)),
    ];
}

/**
 * Times, true remaining time, estimate of each algorithm.
 *
 * @param {Event} event
 * @param {Replay} replay
 * @param {number} now
 * @returns {AlignedData}
 */
function remainders({ start, arrival }, replay, now) {
    const answers = ALGORITHMS.map((it) => replay.answer(it).remaining);
    const until = Math.min(now, arrival);
    const said = replay.points.map(({ time, said }) => ({
        time,
        values: ALGORITHMS.map((it) => said[it]),
    }));
    if (until > start) said.push({ time: until, values: answers });
    const ends = [
        { time: start, values: [null, null, null] },
        { time: arrival, values: [null, null, null] },
    ];
    const missing = ends.filter((end) => said.every(({ time }) => time !== end.time));
    const all = [...said, ...missing].sort((a, b) => a.time - b.time);
    return [
        all.map(({ time }) => time - start),
        all.map(({ time }) =>
            time === start || time === arrival ? arrival - time : null,
        ),
        ...ALGORITHMS.map((_, i) => all.map(({ values }) => values[i])),
    ];
}

/**
 * A description of each chart for screen readers.
 *
 * @param {Recording} recording
 * @param {number} now
 */
function described({ event, readings }, now) {
    const known = readings.filter(({ time }) => time <= now).pop();
    return {
        temperature: `Temperature: ${known?.actual} °C target ${event.goal} °C`,
        remaining:
            "Remaining time over time, of each algorithm and in truth; " +
            "the numbers above belong to the marked moment",
    };
}

/**
 * A computed color, made transparent.
 *
 * @param {string} color
 * @param {number} share
 */
function translucent(color, share) {
    return `color-mix(in srgb, ${color} ${100 * share}%, transparent)`;
}
