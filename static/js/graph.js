/**
 * The graph of our own tab: the history of all heaters and their forecasts.
 *
 * Times are in ms of the browser's clock, as on Flot's time axis; temperatures are in °C, with
 * an optional second axis in °F.
 *
 * @typedef {Omit<import("../wasm/temp_eta.js").Graph, "forecast"> & {forecast: Pairs}} Curves
 * @typedef {Float64Array | number[]} Pairs alternating s from now and °C
 */

/** The line is interrupted where readings are more than this many s apart: enough for several
 * slow reports to be lost. */
const MAX_GAP = 45;

/** Width of a label of the time axis in px, including the space around it. */
const LABEL_WIDTH = 90;

/** Smallest range of the temperature axis in °C, so that sensor noise stays small. */
const MIN_RANGE = 20;

/** The temperature axis ends at a multiple of this, in °C. */
const RANGE_STEP = 5;

/** Space above and below the lines, as a fraction of their range. */
const MARGIN = 0.06;

/** The time axis extends into the future in steps of the window divided by this, so that it
 * does not move with every reading. */
const FUTURE_STEPS = 6;

/** The graph is redrawn once its lines have moved by this many px; less is hardly visible. */
const MIN_MOVE = 4;

/** How far an arrow key moves the cursor, as a fraction of the time axis. */
const KEY_STEP = 1 / 60;

export class Graph {
    #element;
    #page;
    /** In px; kept, as reading it from the element forces a layout. */
    #width = 0;
    /** @type {Flot.Plot | null} */
    #plot = null;
    /** A live object: it follows the theme. */
    #style;
    /** The options that the plot was created with. */
    #createdWith = "";
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
     * @param {() => void} page.onShown called when the element becomes visible
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
            .on("plothover", (_event, at) => this.#moveCursor(at.x))
            .on("mouseleave blur", () => {
                this.#plot?.clearCrosshair();
                this.#moveCursor(null);
            })
            .on("keydown", (event) => this.#onKey(event));
    }

    get visible() {
        return this.#width > 0 && !document.hidden;
    }

    /**
     * Whether the lines have moved visibly since they were last drawn.
     *
     * @param {number} now
     */
    hasMoved(now) {
        if (!this.#plot) return true;
        const { min, max } = this.#plot.getXAxes()[0];
        // The browser's clock may have been set back.
        const moved = Math.abs(now - this.#now) * (this.#width / (max - min));
        return moved >= MIN_MOVE;
    }

    /**
     * @param {Curves[]} curves
     * @param {number} now
     * @param {{window: number, fahrenheit: boolean, forecast: boolean}} options window in s
     */
    draw(curves, now, options) {
        this.#curves = options.forecast
            ? curves
            : curves.map((curve) => ({ ...curve, forecast: [] }));
        this.#now = now;
        const { color } = this.#style;
        const ticks = Math.max(2, Math.floor(this.#width / LABEL_WIDTH));
        const createdWith = `${color} ${options.fahrenheit} ${ticks}`;
        if (!this.#plot || createdWith !== this.#createdWith) {
            this.#createdWith = createdWith;
            this.#create(color, options.fahrenheit, ticks);
        }
        const plot = /** @type {Flot.Plot} */ (this.#plot);
        this.#scale(plot, options.window);
        plot.setData(this.#series());
        plot.setupGrid();
        plot.draw();
        // Flot keeps the crosshair's position in px, not its time.
        if (this.#cursor !== null) plot.setCrosshair({ x: this.#cursor });
    }

    /**
     * The temperature of a heater at the cursor, from its history or its forecast.
     *
     * @param {string} heater
     * @returns {number | null} in °C; `null` outside of both
     */
    valueAtCursor(heater) {
        const curve = this.#curves.find((one) => one.heater === heater);
        if (!curve || this.#cursor === null) return null;
        const seconds = (this.#cursor - this.#now) / 1000;
        return interpolate(curve.actual, seconds) ?? interpolate(curve.forecast, seconds);
    }

    /**
     * @param {string} color of the text
     * @param {boolean} fahrenheit
     * @param {number} ticks on the time axis
     */
    #create(color, fahrenheit, ticks) {
        const { format, forecast } = this.#page;
        /** @typedef {(value: number, axis: Flot.Axis) => string} Label */
        // Flot measures labels outside of the plot as well, without drawing them.
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
        const drawForecast = (plot, context) => {
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
            hooks: { draw: [drawForecast] },
        };
        const plot = $.plot(this.#element, [], options);
        // From now on the crosshair is drawn at once and not in a frame of its own; Flot fails if
        // the plot is created so.
        plot.getOptions().interaction.redrawOverlayInterval = -1;
        this.#plot = plot;
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
                if (i && numbers[i] - numbers[i - 2] > MAX_GAP) points.push(null);
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
                { color, data: pairs(actual, Number.isFinite), lines: { lineWidth: 2 } },
            ];
        });
    }

    /** @param {string} heater */
    #color(heater) {
        return this.#style.getPropertyValue(this.#page.colors.line(heater)).trim();
    }

    /**
     * Fits the axes: the time axis to the window and to the forecasts, up to the window's
     * length; the temperature axis to all lines.
     *
     * @param {Flot.Plot} plot
     * @param {number} window in s
     */
    #scale(plot, window) {
        const [x] = plot.getXAxes();
        const [celsius, fahrenheit] = plot.getYAxes();
        const step = window / FUTURE_STEPS;
        const horizon = Math.min(window, this.#page.forecast.horizon(this.#curves));
        x.options.min = this.#now - 1000 * window;
        x.options.max = this.#now + 1000 * step * Math.ceil(horizon / step);

        /** @type {number[]} */
        const shown = [];
        for (const { actual, target, forecast } of this.#curves) {
            /**
             * @param {Pairs} numbers
             * @param {number} last in s
             */
            const addUntil = (numbers, last) => {
                for (let i = 0; i < numbers.length && numbers[i] <= last; i += 2) {
                    if (Number.isFinite(numbers[i + 1])) shown.push(numbers[i + 1]);
                }
            };
            addUntil(actual, Number.POSITIVE_INFINITY);
            addUntil(forecast, horizon);
            for (let i = 1; i < target.length; i += 2) {
                if (target[i] > 0) shown.push(target[i]);
            }
        }
        // Nothing, if no reading makes sense.
        if (!shown.length) shown.push(0);
        const low = Math.min(...shown);
        const high = Math.max(...shown, low + MIN_RANGE);
        const margin = MARGIN * (high - low);
        celsius.options.min = Math.floor((low - margin) / RANGE_STEP) * RANGE_STEP;
        celsius.options.max = Math.ceil((high + margin) / RANGE_STEP) * RANGE_STEP;
        if (this.#toFahrenheit) {
            fahrenheit.options.min = this.#toFahrenheit(celsius.options.min);
            fahrenheit.options.max = this.#toFahrenheit(celsius.options.max);
        }
    }

    /** @param {number | null} ms */
    #moveCursor(ms) {
        this.#cursor = ms;
        this.#page.onCursor(ms);
    }

    /** @param {JQuery.KeyDownEvent} event */
    #onKey(event) {
        const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!direction || !this.#plot) return;
        event.preventDefault();
        const { min, max } = this.#plot.getXAxes()[0];
        const to = (this.#cursor ?? this.#now) + direction * KEY_STEP * (max - min);
        const x = Math.min(max, Math.max(min, to));
        this.#plot.setCrosshair({ x });
        this.#moveCursor(x);
    }
}

/**
 * The value at `time`, linear between two points; `null` outside of the points, and in gaps,
 * where a value is NaN.
 *
 * @param {ArrayLike<number>} pairs times and values in turn, the times in ascending order
 * @param {number} time
 */
export function interpolate(pairs, time) {
    for (let i = 2; i < pairs.length; i += 2) {
        const [from, low, to, high] = [0, 1, 2, 3].map((k) => pairs[i - 2 + k]);
        if (from <= time && time <= to && Number.isFinite(low + high)) {
            return to === from
                ? high
                : low + ((high - low) * (time - from)) / (to - from);
        }
    }
    return null;
}
