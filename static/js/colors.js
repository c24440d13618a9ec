/**
 * The CSS colors of heaters. Color only repeats what words and numbers say.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../wasm/temp_eta.js").Phase} Phase
 */

/** The longest remaining time of each color band, in s; temp_eta.css defines the colors. */
const BANDS = [
    { name: "soon", longest: 60 },
    { name: "near", longest: 300 },
    { name: "far", longest: Number.POSITIVE_INFINITY },
];

/**
 * The settings with the colors of phases; other phases have `color_idle`.
 *
 * @type {Partial<Record<Phase, "color_heating" | "color_cooling">>}
 */
const PHASE_COLORS = {
    heating: "color_heating",
    stalled: "color_heating",
    soaking: "color_heating",
    cooling: "color_cooling",
};

/**
 * The color of a heater's progress bar.
 *
 * @param {HeaterRow} row
 * @param {import("./types.js").Settings} settings the plugin's saved settings
 */
export function progress(row, settings) {
    if (settings.color_mode === "bands" && row.goal !== null) {
        const left = row.remaining ?? Number.POSITIVE_INFINITY;
        const { name } = /** @type {typeof BANDS[number]} */ (
            BANDS.find(({ longest }) => left <= longest)
        );
        return `var(--temp-eta-${name})`;
    }
    return settings[PHASE_COLORS[row.phase] ?? "color_idle"];
}

/** Heaters whose line has its own color in temp_eta.css; all others share one. */
const LINES = ["tool0", "tool1", "tool2", "tool3", "tool4", "bed", "chamber"];

/**
 * The custom property with the color of a heater's line in the graph.
 *
 * @param {string} heater
 */
export function line(heater) {
    return `--temp-eta-line-${LINES.includes(heater) ? heater : "other"}`;
}
