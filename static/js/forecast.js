/**
 * Draws the forecasts as dashed curves on a Flot plot whose time axis is in ms of the browser's
 * clock and whose first y axis is in °C.
 *
 * @typedef {import("./graph.js").Curves} Curves
 */

/** In px. */
const LINE_WIDTH = 2;
const DASHES = [6, 4];

/** The time until the end of the longest forecast, in s.
 *
 * @param {Curves[]} graphs
 */
export function horizon(graphs) {
    const ends = graphs.map(({ forecast }) => forecast[forecast.length - 2] ?? 0);
    return Math.max(0, ...ends);
}

/**
 * @param {Flot.Plot} plot
 * @param {CanvasRenderingContext2D} context of the plot's canvas
 * @param {Curves[]} graphs
 * @param {number} now in ms
 * @param {(heater: string) => string} color
 */
export function draw(plot, context, graphs, now, color) {
    const { left, top } = plot.getPlotOffset();
    context.save();
    context.beginPath();
    context.rect(left, top, plot.width(), plot.height());
    context.clip();
    context.lineWidth = LINE_WIDTH;
    context.setLineDash(DASHES);
    for (const { heater, forecast } of graphs) {
        context.strokeStyle = color(heater);
        context.beginPath();
        for (let i = 0; i < forecast.length; i += 2) {
            const point = { x: now + 1000 * forecast[i], y: forecast[i + 1] };
            const at = plot.pointOffset(point);
            context.lineTo(at.left, at.top);
        }
        context.stroke();
    }
    context.restore();
}
