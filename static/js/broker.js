/**
 * The broker as entered in the settings form: example topic, stored password, connection test.
 *
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Refused} Refused
 */

// Functions, as gettext is not defined yet when this file is loaded.
/** @type {Record<string, () => string>} */
const RESULT_TEXTS = {
    connected: () => gettext("Connected. The broker takes this user."),
    no_host: () => gettext("Name a broker first."),
    no_client: () =>
        gettext(
            "The Python package paho-mqtt is missing or does not work where OctoPrint is installed.",
        ),
    unknown_host: () => gettext("There is no such broker: check the name."),
    connection_refused: () =>
        gettext("Nothing listens there: check the port, and whether the broker runs."),
    unreachable: () => gettext("The broker cannot be reached from OctoPrint's server."),
    timeout: () =>
        gettext("No answer: check name and port, and whether it is to be encrypted."),
    closed: () =>
        gettext("The broker hangs up: does this port need encryption, or none?"),
    tls: () => gettext("No encryption could be agreed on: is this port for it?"),
    tls_files: () => gettext("The files for the encryption cannot be used."),
    certificate: () =>
        gettext("The broker's certificate is not trusted: name its authority's file."),
    certificate_expired: () =>
        gettext(
            "The broker's certificate is out of date, or the clock of OctoPrint's machine is wrong.",
        ),
    certificate_name: () =>
        gettext("The broker's certificate is for another name than the one entered."),
    credentials: () => gettext("The broker refuses user name and password."),
    // Mosquitto's answer to a wrong password.
    forbidden: () =>
        gettext("The broker does not let this user in: check user name and password."),
    version: () => gettext("The broker does not speak MQTT 3.1.1."),
    client_id: () => gettext("The broker refuses the client's name."),
    busy: () => gettext("The broker says it is not available just now."),
    refused: () => gettext("The broker refuses the connection."),
    impossible: () => gettext("The server does not take these settings."),
    password_needed: () =>
        gettext("Enter the password: the stored one goes to the stored broker only."),
    failed: () => gettext("OctoPrint could not try it."),
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
            if (!config.mqtt_password_set()) return gettext("is not set");
            const saved = page.saved();
            const changed = page.destination.some((key) => config[key]() !== saved[key]);
            return changed && !config.mqtt_password()
                ? gettext("is for the broker as it was: enter it again")
                : gettext("is set");
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
