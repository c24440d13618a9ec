/**
 * A chart over the time of a recording, in s since the new target.
 *
 * @typedef {import("./colors.js").Colors} Colors
 *
 * @typedef {object} Line
 * @property {(colors: Colors) => string} color
 * @property {number} [width] in px
 * @property {number[]} [dash] in px
 * @property {boolean} [steps]
 * @property {boolean} [joined] across missing values
 *
 * @typedef {object} Kind what a diagram is of
 * @property {number} height in px
 * @property {Line[]} lines
 * @property {(value: number) => string} label of the values
 * @property {number[]} [steps] possible distances between labels
 *
 * @typedef {object} Forecast
 * @property {string} color
 * @property {{time: number, value: number}[]} points
 */

import uPlot from "uplot";
import { since } from "./words.js";

/** Possible distances between time labels, in s. */
export const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];

/** Width of the value labels, in px; the same for both charts, so that they are aligned. */
const LEFT = 52;

const DASHES = [6, 4];

export class Chart {
    #element;
    #kind;
    /** @type {uPlot | null} */
    #plot = null;
    /** @type {[number, number]} */
    #times = [0, 1];
    /** @type {[number, number]} */
    #values = [0, 1];
    /** @type {uPlot.AlignedData} */
    #data = [[]];
    #now = 0;
    /** @type {Forecast} */
    #forecast = { color: "", points: [] };

    /**
     * @param {HTMLElement} element
     * @param {Kind} kind
     * @param {(time: number) => void} onSeek somebody has clicked on that time
     */
    constructor(element, kind, onSeek) {
        this.#element = element;
        this.#kind = kind;
        element.addEventListener("click", ({ clientX }) => {
            if (!this.#plot) return;
            const { left } = this.#plot.over.getBoundingClientRect();
            onSeek(this.#plot.posToVal(clientX - left, "x"));
        });
        new ResizeObserver(([{ contentRect }]) => {
            const { height } = kind;
            this.#plot?.setSize({ width: Math.floor(contentRect.width), height });
        }).observe(element);
    }

    /**
     * @param {[number, number]} times
     * @param {[number, number]} values
     */
    scale(times, values) {
        this.#times = times;
        this.#values = values;
    }

    /** @param {Colors} colors */
    paint(colors) {
        this.#plot?.destroy();
        const width = Math.floor(this.#element.clientWidth);
        const options = { width, height: this.#kind.height, ...this.#options(colors) };
        this.#plot = new uPlot(options, this.#data, this.#element);
    }

    /**
     * @param {uPlot.AlignedData} data times, and the values of each line
     * @param {number} now
     * @param {Forecast} [forecast]
     */
    draw(data, now, forecast = { color: "", points: [] }) {
        this.#data = data;
        this.#now = now;
        this.#forecast = forecast;
        this.#plot?.setData(data);
    }

    /**
     * @param {Colors} colors
     * @returns {Omit<uPlot.Options, "width" | "height">}
     */
    #options(colors) {
        const { lines, label, steps } = this.#kind;
        /** @type {uPlot.Axis} */
        const axis = {
            stroke: colors.faint,
            grid: { stroke: colors.rule, width: 1 },
            ticks: { stroke: colors.rule, width: 1, size: 4 },
            font: `12px ${getComputedStyle(this.#element).fontFamily}`,
        };
        /** @type {(write: (value: number) => string) => uPlot.Axis.DynamicValues} */
        const texts = (write) => (_plot, values) => values.map(write);
        return {
            legend: { show: false },
            cursor: { show: false },
            scales: {
                x: { time: false, range: () => this.#times },
                y: { range: () => this.#values },
            },
            axes: [
                { ...axis, incrs: TIMES, values: texts(since), space: 60, size: 32 },
                { ...axis, values: texts(label), size: LEFT, space: 34, incrs: steps },
            ],
            series: [{}, ...lines.map((line) => seriesOf(line, colors))],
            hooks: { draw: [(plot) => this.#overlay(plot, colors)] },
        };
    }

    /**
     * Sets the current time and the forecast from there on.
     *
     * @param {uPlot} plot
     * @param {Colors} colors
     */
    #overlay(plot, colors) {
        const { ctx, bbox } = plot;
        const { left, top, width, height } = bbox;
        const x = (/** @type {number} */ time) => plot.valToPos(time, "x", true);
        ctx.save();
        ctx.beginPath();
        ctx.rect(left, top, width, height);
        ctx.clip();
        ctx.lineWidth = devicePixelRatio;
        ctx.strokeStyle = colors.ink;
        ctx.beginPath();
        ctx.moveTo(x(this.#now), top);
        ctx.lineTo(x(this.#now), top + height);
        ctx.stroke();
        ctx.lineWidth = 2.5 * devicePixelRatio;
        ctx.setLineDash(DASHES.map((length) => length * devicePixelRatio));
        ctx.strokeStyle = this.#forecast.color;
        ctx.beginPath();
        for (const { time, value } of this.#forecast.points) {
            ctx.lineTo(x(time), plot.valToPos(value, "y", true));
        }
        ctx.stroke();
        ctx.restore();
    }
}

/**
 * @param {Line} line
 * @param {Colors} colors
 * @returns {uPlot.Series}
 */
function seriesOf({ color, width = 2, dash, steps, joined }, colors) {
    return {
        stroke: color(colors),
        width,
        dash,
        spanGaps: joined,
        // Whole pixels would turn a slope into a staircase.
        pxAlign: 0,
        points: { show: false },
        paths: steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
    };
}
