/**
 * Where the relay publishes, for the form to show. octoprint_temp_eta/mqtt/topics.py does
 * it; tests/data/topics.json holds both to the same.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\s+#/\x00-\x1f\x7f-\x9f]+/g;
const LONGEST_LEVEL = 64;

/** @param {unknown} name */
function level(name) {
    const fit = Array.from(String(name).trim().replace(UNFIT, "_"));
    return fit
        .slice(0, LONGEST_LEVEL)
        .join("")
        .replace(/^_+|_+$/g, "");
}

/**
 * The topic above all heaters.
 *
 * @param {{[key: string]: unknown}} settings the plugin's
 * @param {string} appearance the name that OctoPrint shows
 */
export function base(settings, appearance) {
    const own = settings.mqtt_use_appearance_name
        ? appearance
        : settings.mqtt_custom_identifier;
    return [settings.mqtt_base_topic, level(own || "")].filter(Boolean).join("/");
}
