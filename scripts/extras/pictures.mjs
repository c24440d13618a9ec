/**
 * The pictures of the plugin: what is on them, the most telling one first. Those with a caption
 * are also for OctoPrint's plugin repository.
 */
export const PICTURES = [
    {
        name: "tab",
        alt: "The tab while the printer heats: a card for each heater with its countdown, and a graph whose dashed lines go on to the targets",
        caption: "A tab of its own, with the forecast in its graph",
    },
    {
        name: "temperature",
        alt: "OctoPrint's Temperature tab: the countdown below each actual temperature, the forecast in the graph",
        caption:
            "In OctoPrint's Temperature tab, in the sidebar and in the navigation bar",
    },
    {
        name: "sidebar",
        alt: "The panel in the sidebar: countdown, temperatures and progress of each heater, and when the printer is ready",
        caption: "The panel in the sidebar",
    },
    {
        name: "settings",
        alt: "The settings: where the times are shown, and panes for calculation, goals, looks, alerts, MQTT and diagnostics",
        caption: "The settings",
    },
    {
        name: "dark",
        alt: "The tab in a dark theme",
    },
    {
        name: "phone",
        alt: "The tab on a phone: the cards one below the other",
    },
    {
        name: "german",
        alt: "The tab in German",
    },
];
