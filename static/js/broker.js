/**
 * The broker as entered in the settings form: example topic, stored password, connection test.
 *
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Refused} Refused
 */

// Functions, as gettext is not defined yet when this file is loaded.
/** @type {Record<string, () => string>} */
const RESULT_TEXTS = {
    connected: () => gettext("Connected successfully."),
    unheard: () =>
        gettext(
            "Connected, but a test message did not come back. The user may not be allowed to publish or subscribe below this topic.",
        ),
    no_host: () => gettext("Enter a broker first."),
    no_client: () => gettext("The Python package paho-mqtt is missing or broken."),
    unknown_host: () => gettext("Host not found. Check the name."),
    connection_refused: () =>
        gettext("Connection refused. Check the port. Is the broker running?"),
    unreachable: () => gettext("OctoPrint cannot reach the broker."),
    timeout: () => gettext("No response. Check the host, port and TLS setting."),
    closed: () => gettext("Connection closed by the broker. Check the port and TLS."),
    tls: () => gettext("TLS handshake failed. Does this port use TLS?"),
    tls_files: () => gettext("The certificate or key file is invalid."),
    certificate: () =>
        gettext("The broker's certificate is not trusted. Set the CA certificate."),
    certificate_expired: () =>
        gettext("The broker's certificate has expired, or OctoPrint's clock is wrong."),
    certificate_name: () =>
        gettext("The broker's certificate is for a different hostname."),
    credentials: () => gettext("Incorrect username or password."),
    // Mosquitto's answer to a wrong password.
    forbidden: () =>
        gettext("Access denied by the broker. Check the username and password."),
    version: () => gettext("The broker does not support MQTT 3.1.1."),
    client_id: () => gettext("The broker rejected the client ID."),
    busy: () => gettext("The broker is currently unavailable."),
    refused: () => gettext("Rejected by the broker."),
    too_much: () => gettext("The broker sends too much data."),
    impossible: () => gettext("Invalid settings:"),
    password_needed: () => gettext("Broker changed: re-enter the password."),
    test_running: () => gettext("Another test is running. Try again in a few seconds."),
    failed: () => gettext("The test could not be run."),
};

/**
 * The text for the result of a connection attempt.
 *
 * @param {string} code the server's
 */
export const resultText = (code) => RESULT_TEXTS[code]?.();

export class Broker {
    #config;
    #page;

    /**
     * @param {import("./types.js").FormSettings} config
     * @param {object} page
     * @param {() => import("./types.js").Settings} page.saved the saved settings
     * @param {() => string} page.appearance OctoPrint's name in its appearance settings
     * @param {typeof import("./topic.js")} page.topic
     * @param {(keyof Saved)[]} page.destination settings that identify the broker that the stored
     *     password is for; it is sent to no other, see settings.py
     * @param {(settings: object) => Promise<{result: string, refused?: Refused}>}
     *     page.connect has the server try to connect
     * @param {(refused: Refused) => string[]} page.describeRefused the texts of refused settings
     */
    constructor(config, page) {
        this.#config = config;
        this.#page = page;
        this.removePassword = ko.observable(false);
        this.testing = ko.observable(false);
        this.testResult = ko.observable(
            /** @type {{good: boolean, text: string} | null} */ (null),
        );
        this.topic = ko.pureComputed(() => {
            const base = page.topic.base(ko.toJS(config), page.appearance());
            return `${base}/tool0/eta`;
        });
        this.password = ko.pureComputed(() => {
            if (!config.mqtt_password_set()) return gettext("Not set.");
            const saved = page.saved();
            const changed = page.destination.some((key) => config[key]() !== saved[key]);
            return changed && !config.mqtt_password()
                ? gettext("Broker changed: re-enter the password.")
                : gettext("Saved.");
        });
    }

    /** Called when the dialog is closed. */
    reset() {
        this.removePassword(false);
        this.testResult(null);
    }

    /** Called before the form is read: an empty field keeps the stored password. */
    beforeSave() {
        const password = this.#config.mqtt_password;
        if (this.removePassword()) password("");
        else if (!password()) password(null);
    }

    /** Has the server try to connect with the values in the form. */
    async test() {
        this.testing(true);
        const { connect, describeRefused } = this.#page;
        /** @returns {{result: string, refused?: Refused}} */
        const failed = () => ({ result: "failed" });
        const { result, refused } = await connect(this.#changed()).catch(failed);
        const text = resultText(result) ?? resultText("failed");
        const lines = [text, ...describeRefused(refused ?? {})];
        this.testResult({ good: result === "connected", text: lines.join("\n") });
        this.testing(false);
    }

    /** The values that differ from the saved settings. */
    #changed() {
        const entered = ko.toJS(this.#config);
        const saved = this.#page.saved();
        const keys = /** @type {(keyof Saved)[]} */ (Object.keys(saved));
        const changed = keys.filter(
            (key) =>
                key.startsWith("mqtt_") &&
                key !== "mqtt_password" &&
                entered[key] !== saved[key],
        );
        if (entered.mqtt_password) changed.push("mqtt_password");
        return Object.fromEntries(changed.map((key) => [key, entered[key]]));
    }
}
