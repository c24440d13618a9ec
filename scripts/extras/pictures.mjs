/**
 * The pictures of the plugin: what is on them, the most telling one first. Those with a caption
 * are also for OctoPrint's plugin repository.
 */
export const PICTURES = [
    {
        name: "tab",
        alt: "The tab while the printer heats up: a card with a countdown for each heater, and a graph with dashed forecasts",
        caption: "The Temperature ETA tab with forecasts in its graph",
    },
    {
        name: "temperature",
        alt: "OctoPrint's Temperature tab: a countdown below each actual temperature, and forecasts in the graph",
        caption: "In OctoPrint's Temperature tab, sidebar and navigation bar",
    },
    {
        name: "sidebar",
        alt: "The sidebar panel: countdown, temperatures and progress of each heater, and when the printer is ready",
        caption: "The sidebar panel",
    },
    {
        name: "settings",
        alt: "The settings: where ETAs are shown, and panes for calculation, thresholds, appearance, alerts, MQTT and diagnostics",
        caption: "The settings",
    },
    {
        name: "dark",
        alt: "The tab in a dark theme",
    },
    {
        name: "phone",
        alt: "The tab on a phone, with stacked cards",
    },
    {
        name: "german",
        alt: "The tab in German",
    },
];
