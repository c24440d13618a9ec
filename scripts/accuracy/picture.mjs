import { WITHIN } from "./measure.mjs";
import { FAINT, heading, INK, round, writeSvg } from "./svg.mjs";
import { percent, percentile } from "./table.mjs";

// Pixels. Two panels side by side fill the width that a page has on GitHub.
const PANEL = 344;
const LEFT = 78;
const TOP = 142;
const GAP_X = 76;
const GAP_Y = 126;
const RIGHT = 28;
const BOTTOM = 62;
const WIDTH = LEFT + 2 * PANEL + GAP_X + RIGHT;
const HEIGHT = TOP + 2 * PANEL + GAP_Y + BOTTOM;

// Seconds. A prediction outside is drawn on the edge.
const SHORTEST = 1;
const LONGEST = 3600;
const LINES = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const LABELS = new Map([
    [1, "0:01"],
    [10, "0:10"],
    [60, "1:00"],
    [600, "10:00"],
    [3600, "60:00"],
]);

// More points of an event would only cover each other, and those of shorter events.
const MAX_POINTS = 60;

const BAND = "#dcebd8";

const heats = ({ kind }) => kind === "heating";
const isBed = ({ heater }) => heater === "bed";
const KINDS = [
    { name: "Hotend, heating", color: "#d1352b", has: (e) => heats(e) && !isBed(e) },
    { name: "Bed, heating", color: "#e39a00", has: (e) => heats(e) && isBed(e) },
    { name: "Cooling", color: "#2a6fbb", has: (e) => !heats(e) },
];

const TITLE = "Predicted against true remaining time";

/** Draws the predictions of each run against the truth, in a panel for each. */
export function writePicture(runs) {
    const panels = runs.map((run, i) => {
        const x = LEFT + (i % 2) * (PANEL + GAP_X);
        const y = TOP + Math.floor(i / 2) * (PANEL + GAP_Y);
        return `<g transform="translate(${x} ${y})">\n${panel(run)}\n</g>`;
    });
    const clip = `<clipPath id="panel"><path d="M0 0H${PANEL}V${PANEL}H0z"/></clipPath>`;
    return writeSvg("accuracy.svg", {
        width: WIDTH,
        height: HEIGHT,
        title: TITLE,
        parts: [clip, heading(TITLE, keys(), LEFT), ...panels],
    });
}

function keys() {
    const dot = (color) => `<circle cx="10" cy="-4" r="4.5" fill="${color}"/>`;
    return [
        ...KINDS.map(({ name, color }) => ({ name, sign: dot(color) })),
        { name: "exact", sign: `<path d="M0 2L20 -10" stroke="${INK}"/>` },
        {
            name: `within ${percent(WITHIN, 0)}`,
            sign: `<rect y="-10" width="20" height="12" fill="${BAND}"/>`,
        },
    ];
}

function panel({ title, events }) {
    const shares = events.map(({ share }) => share);
    const [median, p90] = [50, 90].map((rank) => percent(percentile(shares, rank), 1));
    const label = `text-anchor="middle" fill="${FAINT}"`;
    return [
        `<text y="-31" font-size="15.5" font-weight="600">${title}</text>`,
        `<text y="-12" fill="${FAINT}">pnMAE ${median} (median), ${p90} (90th percentile)</text>`,
        band(),
        grid(),
        ...KINDS.map(({ color, has }) => dots(events.filter(has), color)),
        `<path d="M0 ${PANEL}L${PANEL} 0" stroke="${INK}"/>`,
        `<rect width="${PANEL}" height="${PANEL}" fill="none" stroke="${FAINT}"/>`,
        `<text x="${PANEL / 2}" y="${PANEL + 40}" ${label}>True remaining time (m:ss)</text>`,
        `<text transform="translate(-50 ${PANEL / 2}) rotate(-90)" ${label}>Predicted (m:ss)</text>`,
    ].join("\n");
}

function band() {
    const corners = [
        [SHORTEST, 1 + WITHIN],
        [LONGEST, 1 + WITHIN],
        [LONGEST, 1 - WITHIN],
        [SHORTEST, 1 - WITHIN],
    ];
    const places = corners.map(([seconds, factor]) => {
        // Cut off at both ends of the panel.
        return `${round(along(seconds))} ${round(PANEL - along(seconds * factor))}`;
    });
    return `<path clip-path="url(#panel)" d="M${places.join("L")}z" fill="${BAND}"/>`;
}

function grid() {
    const lines = (chosen, opacity) => {
        const path = chosen.map((seconds) => {
            const at = place(seconds);
            return `M${at} 0v${PANEL}M0 ${round(PANEL - at)}h${PANEL}`;
        });
        return `<path d="${path.join("")}" stroke="#000" stroke-opacity="${opacity}"/>`;
    };
    const labels = [...LABELS].flatMap(([seconds, text]) => {
        const at = place(seconds);
        return [
            `<text x="${at}" y="${PANEL + 18}" text-anchor="middle">${text}</text>`,
            `<text x="-8" y="${round(PANEL - at + 4.5)}" text-anchor="end">${text}</text>`,
        ];
    });
    return [
        lines(
            LINES.filter((seconds) => !LABELS.has(seconds)),
            0.06,
        ),
        lines([...LABELS.keys()], 0.16),
        ...labels,
    ].join("\n");
}

/** Strokes of zero length with round ends, the shortest notation for dots. */
function dots(events, color) {
    const places = events.flatMap(({ points }) =>
        thinned(points).map(
            ({ left, remaining }) =>
                `M${place(left)} ${round(PANEL - place(remaining))}h0`,
        ),
    );
    const path = [...new Set(places)].join("");
    return `<path d="${path}" stroke="${color}" stroke-opacity="0.7" stroke-width="3" stroke-linecap="round"/>`;
}

/** The first prediction in each of several equal parts of the axis. */
function thinned(points) {
    const pieces = new Map();
    const whole = along(points[0].left);
    for (const point of points) {
        const piece = Math.floor((MAX_POINTS * along(point.left)) / whole);
        if (point.remaining !== null && point.left >= SHORTEST && !pieces.has(piece)) {
            pieces.set(piece, point);
        }
    }
    return [...pieces.values()];
}

/** Position on an axis in pixels, limited to the panel. */
function place(seconds) {
    return round(along(Math.min(Math.max(seconds, SHORTEST), LONGEST)));
}

function along(seconds) {
    return (PANEL * Math.log(seconds / SHORTEST)) / Math.log(LONGEST / SHORTEST);
}
