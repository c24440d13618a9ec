/**
 * Which colour a heater has, as CSS. Colour only ever repeats what words and numbers say.
 *
 * @typedef {import("../wasm/temp_eta.js").HeaterRow} HeaterRow
 * @typedef {import("../wasm/temp_eta.js").Phase} Phase
 */

/**
 * Seconds left up to which each band of time goes; temp_eta.css has their colours.
 *
 * @type {[name: string, most: number][]}
 */
const BANDS = [
    ["soon", 60],
    ["near", 300],
    ["far", Number.POSITIVE_INFINITY],
];

/**
 * The phases that have a colour of their own among the settings.
 *
 * @type {Partial<Record<Phase, "color_heating" | "color_cooling">>}
 */
const OF_PHASE = {
    heating: "color_heating",
    stalled: "color_heating",
    cooling: "color_cooling",
};

/**
 * The colour of a heater's progress.
 *
 * @param {HeaterRow} row
 * @param {import("./types.js").Settings} settings the plugin's, as saved
 */
export function progress(row, settings) {
    if (settings.color_mode === "bands" && row.goal !== null) {
        const left = row.remaining ?? Number.POSITIVE_INFINITY;
        const [band] = /** @type {[string, number]} */ (
            BANDS.find(([, most]) => left <= most)
        );
        return `var(--temp-eta-${band})`;
    }
    return settings[OF_PHASE[row.phase] ?? "color_idle"];
}

/** Heaters that have a line of their own colour in temp_eta.css; others share one. */
const LINES = ["tool0", "tool1", "tool2", "tool3", "tool4", "bed", "chamber"];

/**
 * The custom property that holds the colour of a heater's line in the graph.
 *
 * @param {string} heater
 */
export function line(heater) {
    return `--temp-eta-line-${LINES.includes(heater) ? heater : "other"}`;
}
