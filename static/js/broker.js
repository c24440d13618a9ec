/**
 * The broker as it is typed into the form: its topic, its password, and a test of it.
 *
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Refused} Refused
 */

// Functions, since gettext is not there yet when this file is loaded.
/** @type {Record<string, () => string>} */
const VERDICTS = {
    connected: () => gettext("Connected successfully."),
    no_host: () => gettext("Enter a broker first."),
    no_client: () => gettext("The Python package paho-mqtt is missing or broken."),
    unknown_host: () => gettext("Host not found. Check the name."),
    connection_refused: () =>
        gettext("Connection refused. Check the port. Is the broker running?"),
    unreachable: () => gettext("OctoPrint cannot reach the broker."),
    timeout: () => gettext("No response. Check the host, the port and its TLS setting."),
    closed: () =>
        gettext("Connection closed by the broker. Check the port's TLS setting."),
    tls: () => gettext("TLS handshake failed. Does this port use TLS?"),
    tls_files: () => gettext("The certificate or key file is invalid."),
    certificate: () =>
        gettext("The broker's certificate is not trusted. Set the CA certificate."),
    certificate_expired: () =>
        gettext("The broker's certificate has expired, or OctoPrint's clock is wrong."),
    certificate_name: () =>
        gettext("The broker's certificate is for a different hostname."),
    credentials: () => gettext("Incorrect username or password."),
    // mosquitto's answer to a wrong password.
    forbidden: () =>
        gettext("Access denied by the broker. Check the username and password."),
    version: () => gettext("The broker does not support MQTT 3.1.1."),
    client_id: () => gettext("The broker rejected the client ID."),
    busy: () => gettext("The broker is currently unavailable."),
    refused: () => gettext("Rejected by the broker."),
    impossible: () => gettext("Invalid settings:"),
    password_needed: () =>
        gettext("Enter the password. The saved one is only for the saved broker."),
    failed: () => gettext("The test could not be run."),
};

/**
 * What keeps a broker from being connected to, in words.
 *
 * @param {string} code the server's
 */
export const verdict = (code) => VERDICTS[code]?.();

export class Broker {
    #config;
    #page;

    /**
     * @param {import("./types.js").Typed} config
     * @param {object} page
     * @param {() => import("./types.js").Settings} page.saved the settings as they are saved
     * @param {() => string} page.appearance the name that OctoPrint shows
     * @param {typeof import("./topic.js")} page.topic
     * @param {(keyof Saved)[]} page.destination settings that say where the stored password goes;
     *     it goes nowhere else, see settings.py
     * @param {(settings: object) => Promise<{result: string, refused?: Refused}>}
     *     page.tryOut asks the server
     * @param {(refused: Refused) => string[]} page.described in words
     */
    constructor(config, page) {
        this.#config = config;
        this.#page = page;
        this.removesPassword = ko.observable(false);
        this.testing = ko.observable(false);
        this.verdict = ko.observable(
            /** @type {{good: boolean, text: string} | null} */ (null),
        );
        this.topic = ko.pureComputed(() => {
            const base = page.topic.base(ko.toJS(config), page.appearance());
            return `${base}/tool0/eta`;
        });
        this.password = ko.pureComputed(() => {
            if (!config.mqtt_password_set()) return gettext("Not set.");
            const saved = page.saved();
            const moved = page.destination.some((key) => config[key]() !== saved[key]);
            return moved && !config.mqtt_password()
                ? gettext("Broker changed: re-enter the password.")
                : gettext("Saved.");
        });
    }

    /** The form is shown anew. */
    reset() {
        this.removesPassword(false);
        this.verdict(null);
    }

    /** What is typed is about to be read: an empty field is no password that was typed. */
    beforeSave() {
        const password = this.#config.mqtt_password;
        if (this.removesPassword()) password("");
        else if (!password()) password(null);
    }

    /** Has the server try the broker as it is typed. */
    async test() {
        this.testing(true);
        const { tryOut, described } = this.#page;
        /** @returns {{result: string, refused?: Refused}} */
        const failed = () => ({ result: "failed" });
        const { result, refused } = await tryOut(this.#changed()).catch(failed);
        const words = verdict(result) ?? verdict("failed");
        const text = [words, ...described(refused ?? {})].join("\n");
        this.verdict({ good: result === "connected", text });
        this.testing(false);
    }

    /** What the server does not know yet. */
    #changed() {
        const typed = ko.toJS(this.#config);
        const saved = this.#page.saved();
        const keys = /** @type {(keyof Saved)[]} */ (Object.keys(saved));
        const changed = keys.filter(
            (key) =>
                key.startsWith("mqtt_") &&
                key !== "mqtt_password" &&
                typed[key] !== saved[key],
        );
        if (typed.mqtt_password) changed.push("mqtt_password");
        return Object.fromEntries(changed.map((key) => [key, typed[key]]));
    }
}
