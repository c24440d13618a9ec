/**
 * The history of all heaters, with what is ahead of them.
 *
 * Times are in ms of the browser's clock, as Flot's time axis has them; temperatures are in
 * °C, with a second axis in °F for those who read it.
 *
 * @typedef {Omit<import("../wasm/temp_eta.js").Graph, "forecast"> & {forecast: Pairs}} Curves
 * @typedef {Float64Array | number[]} Pairs s from now and °C in turn
 */

/** Longest time from one reading to the next that a line is drawn across, in s: several slow
 * reports may be lost before. */
const GAP = 45;

/** Width of a label of the time axis, in px, with room around it. */
const LABEL = 90;

/** Smallest range of the temperature axis, in °C: sensors' noise is not to look like news. */
const RANGE = 20;

/** Parts of the window in steps of which the axis goes on into the future: it is not to move
 * with every report. */
const STEPS = 6;

/** How far the lines must have moved to be drawn anew, in px: less is hardly seen. */
const SEEN = 4;

/** How far an arrow key moves the cursor, as a part of what is shown. */
const MOVE = 1 / 60;

export class Graph {
    #element;
    #page;
    /** In px; asked of the element it would be laid out each time. */
    #width = 0;
    /** @type {Flot.Plot | null} */
    #plot = null;
    /** Follows the theme by itself. */
    #style;
    /** What the plot was made for. */
    #look = "";
    /** @type {Curves[]} */
    #curves = [];
    #now = 0;
    /** @type {number | null} */
    #cursor = null;
    /** @type {((celsius: number) => number) | null} */
    #toFahrenheit = null;

    /**
     * @param {HTMLElement} element
     * @param {object} page
     * @param {typeof import("./colors.js")} page.colors
     * @param {typeof import("./format.js")} page.format
     * @param {typeof import("./forecast.js")} page.forecast
     * @param {() => void} page.onShown called when the element gets a size
     * @param {(ms: number | null) => void} page.onCursor
     */
    constructor(element, page) {
        this.#element = element;
        this.#style = getComputedStyle(element);
        this.#page = page;
        new ResizeObserver(([{ contentRect }]) => {
            this.#width = contentRect.width;
            if (this.visible) page.onShown();
        }).observe(element);
        $(element)
            .on("plothover", (_event, at) => this.#point(at.x))
            .on("mouseleave blur", () => {
                this.#plot?.clearCrosshair();
                this.#point(null);
            })
            .on("keydown", (event) => this.#move(event));
    }

    get visible() {
        return this.#width > 0 && !document.hidden;
    }

    /**
     * Whether what was drawn last is out of date at `now`.
     *
     * @param {number} now
     */
    hasMoved(now) {
        if (!this.#plot) return true;
        const { min, max } = this.#plot.getXAxes()[0];
        return (now - this.#now) * (this.#width / (max - min)) >= SEEN;
    }

    /**
     * @param {Curves[]} curves
     * @param {number} now
     * @param {{window: number, fahrenheit: boolean, forecast: boolean}} how window in s
     */
    draw(curves, now, how) {
        this.#curves = how.forecast
            ? curves
            : curves.map((curve) => ({ ...curve, forecast: [] }));
        this.#now = now;
        const { color } = this.#style;
        const ticks = Math.max(2, Math.floor(this.#width / LABEL));
        const look = `${color} ${how.fahrenheit} ${ticks}`;
        if (!this.#plot || look !== this.#look) {
            this.#look = look;
            this.#create(color, how.fahrenheit, ticks);
        }
        const plot = /** @type {Flot.Plot} */ (this.#plot);
        this.#scale(plot, how.window);
        plot.setData(this.#series());
        plot.setupGrid();
        plot.draw();
        // Flot keeps the line where it was on the screen, not in time.
        if (this.#cursor !== null) plot.setCrosshair({ x: this.#cursor });
    }

    /**
     * The temperature of a heater where the cursor is, on its line or on its forecast.
     *
     * @param {string} heater
     * @returns {number | null} in °C
     */
    read(heater) {
        const curve = this.#curves.find((one) => one.heater === heater);
        if (!curve || this.#cursor === null) return null;
        const seconds = (this.#cursor - this.#now) / 1000;
        return between(curve.actual, seconds) ?? between(curve.forecast, seconds);
    }

    /**
     * @param {string} color of the text
     * @param {boolean} fahrenheit
     * @param {number} ticks of the time axis
     */
    #create(color, fahrenheit, ticks) {
        const { format, forecast } = this.#page;
        /** @typedef {(value: number, axis: Flot.Axis) => string} Label */
        // A label outside of the plot is not drawn, but measured anew each time.
        /** @type {(label: Label) => Label} */
        const inside = (label) => (value, axis) =>
            value < axis.min || value > axis.max ? "" : label(value, axis);
        const degrees = (/** @type {string} */ unit) =>
            inside((value) => `${value}\u00a0${unit}`);
        const clock = inside((value, { tickSize: [, unit] }) =>
            unit === "second" ? format.second(value) : format.clock(value),
        );
        const right = {
            position: "right",
            show: fahrenheit,
            tickFormatter: degrees("°F"),
        };
        /** @type {Flot.Plot["hooks"]["draw"][number]} */
        const ahead = (plot, context) => {
            const line = (/** @type {string} */ heater) => this.#color(heater);
            forecast.draw(plot, context, this.#curves, this.#now, line);
        };
        const options = {
            xaxis: {
                mode: "time",
                timezone: "browser",
                ticks,
                tickFormatter: clock,
            },
            yaxes: [{ tickFormatter: degrees("°C") }, right],
            series: { shadowSize: 0 },
            grid: {
                color,
                tickColor: "rgba(128, 128, 128, 0.25)",
                borderWidth: 0,
                hoverable: true,
                autoHighlight: false,
            },
            crosshair: { mode: "x", color },
            legend: { show: false },
            hooks: { draw: [ahead] },
        };
        this.#plot = $.plot(this.#element, [], options);
        this.#toFahrenheit = fahrenheit ? format.toFahrenheit : null;
    }

    #series() {
        /**
         * @param {Pairs} numbers
         * @param {(celsius: number) => boolean} shown
         */
        const pairs = (numbers, shown) => {
            /** @type {Flot.Point[]} */
            const points = [];
            for (let i = 0; i < numbers.length; i += 2) {
                if (i && numbers[i] - numbers[i - 2] > GAP) points.push(null);
                const celsius = shown(numbers[i + 1]) ? numbers[i + 1] : null;
                points.push([this.#now + 1000 * numbers[i], celsius]);
            }
            return points;
        };
        return this.#curves.flatMap(({ heater, actual, target }) => {
            const color = this.#color(heater);
            return [
                {
                    color,
                    data: pairs(target, (celsius) => celsius > 0),
                    lines: { lineWidth: 1, steps: true },
                },
                { color, data: pairs(actual, () => true), lines: { lineWidth: 2 } },
            ];
        });
    }

    /** @param {string} heater */
    #color(heater) {
        return this.#style.getPropertyValue(this.#page.colors.line(heater)).trim();
    }

    /**
     * Sets the axes: the window, what is ahead of it as far as it is as long, all lines.
     *
     * @param {Flot.Plot} plot
     * @param {number} window in s
     */
    #scale(plot, window) {
        const [x] = plot.getXAxes();
        const [celsius, fahrenheit] = plot.getYAxes();
        const step = window / STEPS;
        const horizon = Math.min(window, this.#page.forecast.horizon(this.#curves));
        x.options.min = this.#now - 1000 * window;
        x.options.max = this.#now + 1000 * step * Math.ceil(horizon / step);

        /** @type {number[]} */
        const shown = [];
        for (const { actual, target, forecast } of this.#curves) {
            /**
             * @param {Pairs} numbers
             * @param {number} most in s
             */
            const until = (numbers, most) => {
                for (let i = 0; i < numbers.length && numbers[i] <= most; i += 2) {
                    shown.push(numbers[i + 1]);
                }
            };
            until(actual, Number.POSITIVE_INFINITY);
            until(forecast, horizon);
            for (let i = 1; i < target.length; i += 2) {
                if (target[i] > 0) shown.push(target[i]);
            }
        }
        const low = Math.min(...shown);
        const high = Math.max(...shown, low + RANGE);
        const margin = 0.06 * (high - low);
        celsius.options.min = Math.floor((low - margin) / 5) * 5;
        celsius.options.max = Math.ceil((high + margin) / 5) * 5;
        if (this.#toFahrenheit) {
            fahrenheit.options.min = this.#toFahrenheit(celsius.options.min);
            fahrenheit.options.max = this.#toFahrenheit(celsius.options.max);
        }
    }

    /** @param {number | null} ms */
    #point(ms) {
        this.#cursor = ms;
        this.#page.onCursor(ms);
    }

    /** @param {JQuery.KeyDownEvent} event */
    #move(event) {
        const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!direction || !this.#plot) return;
        event.preventDefault();
        const { min, max } = this.#plot.getXAxes()[0];
        const to = (this.#cursor ?? this.#now) + direction * MOVE * (max - min);
        const x = Math.min(max, Math.max(min, to));
        this.#plot.setCrosshair({ x });
        this.#point(x);
    }
}

/**
 * The value at `time` between two points of pairs in rising order; null outside of them.
 *
 * @param {ArrayLike<number>} pairs
 * @param {number} time
 */
export function between(pairs, time) {
    for (let i = 2; i < pairs.length; i += 2) {
        const [from, low, to, high] = [0, 1, 2, 3].map((k) => pairs[i - 2 + k]);
        if (from <= time && time <= to) {
            return to === from
                ? high
                : low + ((high - low) * (time - from)) / (to - from);
        }
    }
    return null;
}
