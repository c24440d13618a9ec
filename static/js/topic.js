/**
 * The MQTT base topic, shown in the settings form. The server has its own implementation in
 * octoprint_temp_eta/mqtt/topics.py; tests/data/topics.json tests both.
 */

const INVALID =
    /[\s+#/\p{Control}\p{Surrogate}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]+/gu;
const MAX_LEVEL_LENGTH = 64;

/** @param {unknown} name */
function level(name) {
    const valid = Array.from(String(name).trim().replace(INVALID, "_"));
    return valid
        .slice(0, MAX_LEVEL_LENGTH)
        .join("")
        .replace(/^_+|_+$/g, "");
}

/**
 * The topic above all heaters.
 *
 * @param {{[key: string]: unknown}} settings the plugin's
 * @param {string} appearance the name of this OctoPrint in its appearance settings
 */
export function base(settings, appearance) {
    const printer = settings.mqtt_use_appearance_name
        ? appearance
        : settings.mqtt_custom_identifier;
    return [settings.mqtt_base_topic, level(printer || "")].filter(Boolean).join("/");
}
