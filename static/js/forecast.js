/**
 * Draws the forecasts as dashed curves on a Flot plot whose time axis is in ms of the browser's
 * clock and whose first y axis is in °C.
 *
 * @typedef {import("./graph.js").Curves} Curves
 */

/** In px. */
const LINE_WIDTH = 2;
const DASHES = [6, 4];

/** Outline of the dashes: OctoPrint's lines are dark, and on a dark theme so is its graph. On a
 * light graph it is not seen. */
export const OUTLINE_COLOR = "rgba(255, 255, 255, 0.75)";

/** In px. */
const OUTLINE_WIDTH = 1;

/** The time until the end of the longest forecast, in s.
 *
 * @param {Curves[]} graphs
 */
export function horizon(graphs) {
    const ends = graphs.map(({ forecast }) => forecast[forecast.length - 2] ?? 0);
    return Math.max(0, ...ends);
}

/**
 * Whether a graph is in an open tab. OctoPrint draws its own in any case, and again when its tab is
 * opened. To ask for its size would lay out the page.
 *
 * @param {Flot.Plot} plot
 */
export function isOpen(plot) {
    return !plot.getPlaceholder().closest(".tab-pane:not(.active)").length;
}

/**
 * @param {Flot.Plot} plot
 * @param {CanvasRenderingContext2D} context of the plot's canvas
 * @param {Curves[]} graphs
 * @param {number} now in ms
 * @param {(heater: string) => string} color
 * @param {{outlined?: boolean}} how
 */
export function draw(plot, context, graphs, now, color, { outlined = false } = {}) {
    const { left, top } = plot.getPlotOffset();
    context.save();
    context.beginPath();
    context.rect(left, top, plot.width(), plot.height());
    context.clip();
    for (const { heater, forecast } of graphs) {
        context.beginPath();
        for (let i = 0; i < forecast.length; i += 2) {
            const point = { x: now + 1000 * forecast[i], y: forecast[i + 1] };
            const at = plot.pointOffset(point);
            context.lineTo(at.left, at.top);
        }
        if (outlined) stroke(context, OUTLINE_COLOR, OUTLINE_WIDTH);
        stroke(context, color(heater), 0);
    }
    context.restore();
}

/**
 * Draws the dashes of the current path.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} color
 * @param {number} wider by how much each dash is wider and longer, at each side, in px
 */
function stroke(context, color, wider) {
    const [dash, gap] = DASHES;
    context.strokeStyle = color;
    context.lineWidth = LINE_WIDTH + 2 * wider;
    context.setLineDash([dash + 2 * wider, gap - 2 * wider]);
    context.lineDashOffset = wider;
    context.stroke();
}
