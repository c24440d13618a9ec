/**
 * What the server's relay does, asked as long as it is looked at, and told in words.
 *
 * All that is told are texts and yes or no: what stays the same is not written anew, so that
 * a screen reader says a change once.
 *
 * @typedef {import("./types.js").Settings} Settings
 * @typedef {import("./types.js").Typed} Typed
 */

/** How often the server is asked, in ms. */
const ASK_EVERY = 2000;

// Functions, since gettext is not there yet when this file is loaded.
/** @type {Record<string, (relay: Told) => string>} */
const STATES = {
    connecting: ({ broker }) =>
        broker
            ? _.sprintf(gettext("Connecting to %(broker)s…"), { broker })
            : gettext("Connecting…"),
    connected: ({ broker }) =>
        _.sprintf(gettext("Connected to %(broker)s."), {
            broker: /** @type {string} */ (broker),
        }),
    lost: () => retried(gettext("Connection to the broker lost.")),
    taken: ({ is_twin }) =>
        is_twin
            ? gettext(
                  "Disconnected repeatedly: another OctoPrint has the same client ID.",
              )
            : gettext(
                  "Disconnected repeatedly: another client may have the same client ID.",
              ),
    silent: () => gettext("OctoPrint is not responding."),
};

/** @param {string} why */
const retried = (why) => [why, gettext("OctoPrint retries automatically.")].join(" ");

/** States in which trying again is of no use. */
const HOPELESS = ["no_client", "no_host"];

/** States in which nothing has gone wrong. */
const FINE = ["connected", "off"];

/** @type {Record<string, string>} */
const ICONS = {
    off: "fa-info-circle",
    connecting: "fa-hourglass-half",
    connected: "fa-check-circle text-success",
};

/** HTTP's status of a command for a relay that does not run. */
const NOT_RUNNING = 409;

const TROUBLE = "fa-exclamation-triangle text-error";

/**
 * Engines that are called other than their code.
 *
 * @type {Record<string, string>}
 */
const ENGINES = { "wasmtime-pulley": "wasmtime (Pulley)" };

/**
 * @typedef {object} Told what the server says of the relay, see api.py
 * @property {string} state a code: of this file, of broker.js, or "off"
 * @property {string} [broker]
 * @property {number} [sent]
 * @property {string} [detail] the error in English, as the server has it
 * @property {boolean} [is_shared]
 * @property {boolean} [is_twin] for certain; "taken" alone is a suspicion
 * @property {string} [engine] empty if none works
 * @property {Record<string, string>} [engine_problems]
 * @property {Record<string, string>} [installed]
 * @property {string[]} [missing]
 * @property {string} [install] what installs that
 */

export class Relay {
    #page;
    /** @type {number | null} */
    #asking = null;
    #waits = false;
    #told = ko.observable(/** @type {Told | null} */ (null));

    /**
     * @param {Typed} config
     * @param {object} page
     * @param {() => Promise<import("./types.js").Status>} page.status the server's
     * @param {() => Settings} page.saved the settings as they are saved
     * @param {typeof import("./broker.js").verdict} page.verdict what keeps a broker away
     * @param {() => Promise<unknown>} page.renewId fails with the server's answer
     * @param {(title: string, lines: string[]) => void} page.notify
     * @param {import("./clipboard.js").Clipboard} page.clipboard
     */
    constructor(config, page) {
        this.#page = page;
        this.clipboard = page.clipboard;
        /**
         * @template {string | boolean} T
         * @param {(told: Told) => T} words
         */
        const told = (words, nothing = /** @type {T} */ ("")) =>
            ko.pureComputed(() =>
                this.#told() ? words(/** @type {Told} */ (this.#told())) : nothing,
            );
        this.icon = told(({ state }) => ICONS[state] ?? TROUBLE);
        this.text = told((relay) => {
            if (relay.state === "off") return this.#off(config);
            return STATES[relay.state]?.(relay) ?? this.#kept(relay.state);
        });
        // Apart from the text, as it is no news.
        this.sent = told(({ state, sent }) =>
            state === "connected" ? messages(/** @type {number} */ (sent)) : "",
        );
        // So is this, which is for who knows more than the text says.
        this.detail = told(({ state, detail }) =>
            FINE.includes(state) ? "" : (detail ?? ""),
        );
        this.engine = told(({ engine }) => (engine ? calculatedBy(engine) : ""));
        this.lacksEngine = told(({ engine }) => engine === "", false);
        this.problems = told(({ engine_problems }) => lines(engine_problems));
        this.isShared = told(({ is_shared }) => Boolean(is_shared), false);
        this.twin = told(twin);
        this.install = told(({ install }) => install ?? "");
        this.lacks = ko.pureComputed(() => this.lacksEngine() || this.install() !== "");
    }

    /**
     * Asks from now on, or not any more.
     *
     * @param {boolean} on
     */
    watch(on) {
        if (on === (this.#asking !== null)) return;
        clearInterval(/** @type {number} */ (this.#asking));
        this.#asking = on ? setInterval(() => this.ask(), ASK_EVERY) : null;
        this.clipboard.copied(false);
        this.#told(null);
        this.ask();
    }

    /** Asks now, if it is looked at. */
    async ask() {
        if (this.#asking === null || this.#waits) return;
        this.#waits = true;
        const silent = { relay: { state: "silent" } };
        const { relay } = await this.#page.status().catch(() => silent);
        this.#waits = false;
        if (this.#asking !== null) this.#told(relay);
    }

    /** Gives this OctoPrint another id, after asking. */
    renewId() {
        const { notify, renewId } = this.#page;
        /** @param {JQuery.jqXHR | undefined} answer */
        const failed = (answer) => {
            const isOff = answer?.status === NOT_RUNNING;
            const why = isOff
                ? gettext("Publishing is disabled.")
                : gettext("OctoPrint is not responding.");
            notify(gettext("The ID was not changed"), [why]);
        };
        showConfirmationDialog({
            message: gettext(
                "The broker and Home Assistant will treat this OctoPrint as a new device without history.",
            ),
            proceed: gettext("New ID"),
            // OctoPrint takes an async function for none.
            onproceed: () =>
                renewId()
                    .catch(failed)
                    .then(() => this.ask()),
        });
    }

    /**
     * It is off, which may be about to change.
     *
     * @param {Typed} config
     */
    #off(config) {
        /** @param {{enabled?: boolean, mqtt_enabled?: boolean}} settings */
        const isOn = (settings) => settings.enabled && settings.mqtt_enabled;
        const typed = ko.toJS(config);
        if (!isOn(typed)) return gettext("Nothing is published.");
        const saved = this.#page.saved();
        const parts = [gettext("Nothing is published yet.")];
        if (!typed.mqtt_broker_host) parts.push(this.#page.verdict("no_host"));
        else if (!isOn(saved) || !saved.mqtt_broker_host) {
            parts.push(gettext("Save the settings to start."));
        }
        return parts.join(" ");
    }

    /**
     * It is kept from the broker.
     *
     * @param {string} code
     */
    #kept(code) {
        const { verdict } = this.#page;
        const why = verdict(code) ?? verdict("unreachable");
        return HOPELESS.includes(code) ? why : retried(why);
    }
}

/** @param {number} count */
function messages(count) {
    const text = ngettext("%(count)d message sent.", "%(count)d messages sent.", count);
    return _.sprintf(text, { count });
}

/**
 * That another OctoPrint has the same id, and what helps; empty if none has.
 *
 * @param {Told} told
 */
function twin({ state, is_twin }) {
    if (is_twin) {
        return gettext(
            "Another OctoPrint has the same client ID. One is a copy of the other: give one a new ID.",
        );
    }
    if (state !== "taken") return "";
    return gettext(
        "If OctoPrint was copied to another machine, both have the same client ID: give one a new ID.",
    );
}

/** @param {string} engine */
function calculatedBy(engine) {
    return _.sprintf(gettext("WebAssembly runtime: %(engine)s."), {
        engine: ENGINES[engine] ?? engine,
    });
}

/** @param {Told["engine_problems"]} problems */
function lines(problems) {
    const entries = Object.entries(problems ?? {});
    return entries
        .map(([engine, why]) => `${ENGINES[engine] ?? engine}: ${why}`)
        .join("\n");
}
