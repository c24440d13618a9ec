/**
 * The broker as it is typed into the form: its topic, its password, and a test of it.
 *
 * @typedef {import("./types.js").Saved} Saved
 * @typedef {import("./types.js").Refused} Refused
 */

// Functions, since gettext is not there yet when this file is loaded.
/** @type {Record<string, () => string>} */
const VERDICTS = {
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
    // mosquitto's answer to a wrong password.
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
            if (!config.mqtt_password_set()) return gettext("is not set");
            const saved = page.saved();
            const moved = page.destination.some((key) => config[key]() !== saved[key]);
            return moved && !config.mqtt_password()
                ? gettext("is for the broker as it was: enter it again")
                : gettext("is set");
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
