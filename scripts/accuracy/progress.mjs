import { mean } from "./measure.mjs";
import {
    axes,
    COLORS,
    caption,
    heading,
    line,
    round,
    runKeys,
    writeSvg,
} from "./svg.mjs";
import { GROUPS } from "./table.mjs";

/** Into how many parts of equal time a transient is divided. */
const PARTS = 10;

/** From one line across to the next, as a share of the duration. */
const STEP = 0.2;

// Pixels. As wide as the picture of all events.
const PANEL = { width: 220, height: 220 };
const LEFT = 78;
const TOP = 124;
const GAP_X = 42;
const WIDTH = LEFT + 3 * PANEL.width + 2 * GAP_X + 48;
const HEIGHT = TOP + PANEL.height + 62;

const TITLE = "Error over time";

/** Draws the error of every run by elapsed share of the time. */
export function writeProgress(runs) {
    const groups = GROUPS.filter(({ group }) => group !== "All");
    const curves = groups.map(({ has }) =>
        runs.map(({ events }) => errorsOverTime(events.filter(has))),
    );
    const worst = Math.max(...curves.flat(2));
    const highest = STEP * Math.ceil(worst / STEP);
    const panels = groups.map(({ group }, i) => {
        const x = LEFT + i * (PANEL.width + GAP_X);
        const body = panel(group, curves[i], highest, i === 0);
        return `<g transform="translate(${x} ${TOP})">\n${body}\n</g>`;
    });
    return writeSvg("error-by-progress.svg", {
        width: WIDTH,
        height: HEIGHT,
        title: TITLE,
        parts: [heading(TITLE, runKeys(runs), LEFT), ...panels],
    });
}

/**
 * The mean error in each part of the events' time, as a share of their duration. Each
 * event counts the same, however often its printer reports; none in a part without a
 * reading.
 */
export function errorsOverTime(events, parts = PARTS) {
    const ofEvents = events.map(({ points }) => {
        const duration = points[0].left;
        const errors = Array.from({ length: parts }, () => []);
        for (const { left, remaining } of points) {
            const part = Math.min(Math.floor(parts * (1 - left / duration)), parts - 1);
            errors[part].push(Math.abs((remaining ?? 0) - left) / duration);
        }
        return errors.map(mean);
    });
    return Array.from({ length: parts }, (_, part) =>
        mean(ofEvents.map((errors) => errors[part]).filter((error) => error !== null)),
    );
}

function panel(group, curves, highest, isFirst) {
    const { width, height } = PANEL;
    const x = (part) => (width * (part + 0.5)) / PARTS;
    const y = (error) => height * (1 - error / highest);
    const across = [0, 0.25, 0.5, 0.75, 1].map((share) => ({
        at: width * share,
        text: share % 0.5 ? "" : String(100 * share),
    }));
    const up = Array.from({ length: Math.round(highest / STEP) + 1 }, (_, i) => ({
        at: y(i * STEP),
        text: isFirst ? String(Math.round(100 * i * STEP)) : "",
    }));
    const lines = curves.map((curve, i) => {
        const places = curve.map((error, part) =>
            error === null ? null : [x(part), y(error)],
        );
        const dots = places
            .filter((place) => place)
            .map(([at, of]) => `M${round(at)} ${round(of)}h0`);
        return [
            line(places, `stroke="${COLORS[i]}" stroke-width="2"`),
            `<path d="${dots.join("")}" stroke="${COLORS[i]}" stroke-width="6" stroke-linecap="round"/>`,
        ].join("\n");
    });
    const label = `<text transform="translate(-50 ${height / 2}) rotate(-90)" ${caption}>`;
    return [
        `<text y="-12" font-size="15.5" font-weight="600">${group}</text>`,
        axes(PANEL, across, up),
        ...lines,
        ...(isFirst ? [`${label}Error (% of the duration)</text>`] : []),
        `<text x="${width / 2}" y="${height + 40}" ${caption}>Elapsed time (% of the duration)</text>`,
    ].join("\n");
}
