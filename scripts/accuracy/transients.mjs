import {
    axes,
    COLORS,
    caption,
    FAINT,
    heading,
    INK,
    line,
    runKeys,
    writeSvg,
} from "./svg.mjs";
import { percent } from "./table.mjs";

// Pixels. As wide as the picture of all events.
const PANEL = 344;
const LEFT = 78;
const TOP = 142;
const GAP_X = 76;
const GAP_Y = 34;
const TEMPERATURE = 130;
const LEFT_OVER = 236;
const BOTTOM = 62;
const WIDTH = LEFT + 2 * PANEL + GAP_X + 28;
const HEIGHT = TOP + TEMPERATURE + GAP_Y + LEFT_OVER + BOTTOM;

/** What is above that many durations is cut off. */
const HIGHEST = 1.6;

// More would only make the file larger.
const MOST_POINTS = 180;

const STEPS = [10, 20, 30, 60, 120, 180, 300, 600];
const DEGREES = [5, 10, 20, 50];

const TITLE = "A heat-up and a cool-down";

const BAND = `fill="${COLORS[2]}" fill-opacity="0.2"`;
const GOAL = `stroke="${INK}" stroke-dasharray="5 4"`;

const KINDS = [
    ({ kind, heater }) => kind === "heating" && heater === "bed",
    ({ kind }) => kind === "cooling",
];

/**
 * Draws what every algorithm showed in one heat-up and one cool-down: those with the most
 * readings, not those with the best results.
 */
export function writeTransients(runs) {
    // Nothing had been learned before these, so both runs of Adaptive are the same.
    const drawn = runs.filter(({ title }) => !title.endsWith("learned"));
    const columns = KINDS.map((has, i) => {
        const places = runs[0].events.map((event, index) => ({ event, index }));
        const of = places.filter(({ event }) => has(event));
        const { index } = of.reduce((most, it) =>
            it.event.points.length > most.event.points.length ? it : most,
        );
        const events = drawn.map((run) => run.events[index]);
        const x = LEFT + i * (PANEL + GAP_X);
        return `<g transform="translate(${x} ${TOP})">\n${column(events)}\n</g>`;
    });
    const keys = [
        ...runKeys(drawn),
        {
            name: "80 % interval",
            sign: `<rect y="-10" width="20" height="12" ${BAND}/>`,
        },
        {
            name: "true time",
            sign: `<path d="M0 -4H20" stroke="${INK}" stroke-width="1.5"/>`,
        },
        { name: "target", sign: `<path d="M0 -4H20" ${GOAL}/>` },
    ];
    const clip = `<clipPath id="left"><path d="M0 0H${PANEL}V${LEFT_OVER}H0z"/></clipPath>`;
    return writeSvg("heat-up.svg", {
        width: WIDTH,
        height: HEIGHT,
        title: TITLE,
        parts: [clip, heading(TITLE, keys, LEFT), ...columns],
    });
}

function column(events) {
    const { event, points } = events[0];
    const duration = points[0].left;
    const x = (point) => (PANEL * (duration - point.left)) / duration;
    const ticks = marks(0, duration, STEPS, 6);
    const across = ticks.map((value) => ({ at: (PANEL * value) / duration, value }));
    const clocks = across.map(({ at, value }) => ({ at, text: clock(value) }));
    const heater = event.heater === "bed" ? "Bed" : "Hotend";
    const shares = events.map(({ share }) => percent(share, 1)).join(", ");
    return [
        `<text y="-31" font-size="15.5" font-weight="600">${heater}, ${event.kind}</text>`,
        `<text y="-12" fill="${FAINT}">pnMAE, in this order: ${shares}</text>`,
        temperatures(event, points, x, across),
        `<g transform="translate(0 ${TEMPERATURE + GAP_Y})">`,
        remaining(events, x, duration, clocks),
        "</g>",
    ].join("\n");
}

function temperatures({ goal }, points, x, across) {
    const all = points.map(({ actual }) => actual);
    const [low, high] = [Math.min(...all, goal), Math.max(...all, goal)];
    const margin = 0.08 * (high - low);
    const y = (degrees) =>
        (TEMPERATURE * (high + margin - degrees)) / (high - low + 2 * margin);
    const up = marks(low - margin, high + margin, DEGREES, 4).map((value) => ({
        at: y(value),
        text: String(value),
    }));
    return [
        axes(
            { width: PANEL, height: TEMPERATURE },
            across.map(({ at }) => ({ at })),
            up,
        ),
        line(
            [
                [0, y(goal)],
                [PANEL, y(goal)],
            ],
            GOAL,
        ),
        line(
            thinned(points).map((point) => [x(point), y(point.actual)]),
            `stroke="${INK}" stroke-width="2"`,
        ),
        `<text transform="translate(-50 ${TEMPERATURE / 2}) rotate(-90)" ${caption}>°C</text>`,
    ].join("\n");
}

function remaining(events, x, duration, across) {
    const highest = HIGHEST * duration;
    const y = (seconds) => LEFT_OVER * (1 - seconds / highest);
    const size = { width: PANEL, height: LEFT_OVER };
    const up = marks(0, highest, STEPS, 6).map((value) => ({
        at: y(value),
        text: clock(value),
    }));
    const lines = events.map(({ points }, i) =>
        line(
            thinned(points).map((point) =>
                point.remaining === null ? null : [x(point), y(point.remaining)],
            ),
            `stroke="${COLORS[i]}" stroke-width="2"`,
        ),
    );
    const known = thinned(events.at(-1).points).filter(({ interval }) => interval);
    const edge = (i) => known.map((point) => [x(point), y(point.interval[i])]);
    const band = line([...edge(0), ...edge(1).reverse()], "");
    const label = `<text transform="translate(-50 ${LEFT_OVER / 2}) rotate(-90)" ${caption}>`;
    return [
        `<g clip-path="url(#left)">`,
        band.replace(`fill="none"`, BAND),
        line(
            [
                [0, y(duration)],
                [PANEL, y(0)],
            ],
            `stroke="${INK}" stroke-width="1.5"`,
        ),
        ...lines,
        "</g>",
        axes(size, across, up),
        `${label}Remaining time (m:ss)</text>`,
        `<text x="${PANEL / 2}" y="${LEFT_OVER + 40}" ${caption}>Time since the start (m:ss)</text>`,
    ].join("\n");
}

/** Round values from `low` to `high`, as few as `most` by the smallest of `steps`. */
export function marks(low, high, steps, most) {
    const step = steps.find((it) => (high - low) / it <= most) ?? steps.at(-1);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    return Array.from({ length: count }, (_, i) => (first + i) * step);
}

/** "1:05" */
export function clock(seconds) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function thinned(points) {
    const every = Math.ceil(points.length / MOST_POINTS);
    return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}
