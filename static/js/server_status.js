/**
 * The status of the calculation on the server, and of MQTT, in the settings; requested while it is
 * visible.
 *
 * All observables hold texts or booleans: Knockout updates the page only when such a value
 * changes, so that a screen reader announces each change once.
 *
 * @typedef {import("./types.js").Settings} Settings
 * @typedef {import("./types.js").FormSettings} FormSettings
 */

/** Time between two requests in ms. */
const POLL_INTERVAL = 2000;

// Functions, as gettext is not defined yet when this file is loaded.
/** @type {Record<string, (state: ServerState) => string>} */
const STATE_TEXTS = {
    connecting: ({ broker }) =>
        broker
            ? _.sprintf(gettext("Connecting to %(broker)s…"), { broker })
            : gettext("Connecting…"),
    connected: ({ broker }) =>
        _.sprintf(gettext("Connected to %(broker)s."), {
            broker: /** @type {string} */ (broker),
        }),
    unheard: ({ broker }) =>
        _.sprintf(
            gettext(
                "Connected to %(broker)s, but nothing that is published comes back. The user may not be allowed to publish or subscribe below this topic.",
            ),
            { broker: /** @type {string} */ (broker) },
        ),
    lost: () => withRetryNote(gettext("Connection to the broker lost.")),
    taken: ({ is_twin }) =>
        is_twin
            ? gettext(
                  "Disconnected repeatedly: another OctoPrint has the same client ID.",
              )
            : gettext(
                  "Disconnected repeatedly: another client may have the same client ID.",
              ),
    no_answer: () => gettext("OctoPrint is not responding."),
};

/** @param {string} text */
const withRetryNote = (text) =>
    [text, gettext("OctoPrint retries automatically.")].join(" ");

/** States in which the server does not try again. */
const NO_RETRY = ["no_client", "no_host"];

/** States without an error. */
const WITHOUT_ERROR = ["connected", "off"];

/** @type {Record<string, string>} */
const ICONS = {
    off: "fa-info-circle",
    connecting: "fa-hourglass-half",
    connected: "fa-check-circle text-success",
};

/** Where the server's ETAs can go. */
export const OUTLETS = /** @type {const} */ (["events", "rest", "display", "mqtt"]);

/** HTTP status of a command that fails because MQTT publishing is off. */
const NOT_RUNNING = 409;

/** The icon of all other states. */
const ERROR_ICON = "fa-exclamation-triangle text-error";

/**
 * Names of runtimes that differ from their code.
 *
 * @type {Record<string, string>}
 */
const RUNTIME_NAMES = { "wasmtime-pulley": "wasmtime (Pulley)" };

/**
 * @typedef {object} ServerState what the server reports, see api.py
 * @property {string} state a code of MQTT's: of this file, of broker.js, or "off"
 * @property {string[]} [outlets] those that are on, of `OUTLETS`
 * @property {string} [broker]
 * @property {number} [sent] messages since the connection was made
 * @property {string} [detail] the server's error message, in English
 * @property {boolean} [is_kept] whether the server can keep what it has published
 * @property {boolean} [is_refused] whether the broker refuses some messages
 * @property {boolean} [is_shared] whether another printer uses the same topic
 * @property {boolean} [is_twin] whether another OctoPrint certainly has the same client id;
 *     the state "taken" alone is only a hint
 * @property {string} [engine] the wasm runtime; empty if none works
 * @property {Record<string, string>} [engine_problems] error messages, by runtime
 * @property {Record<string, string>} [installed] versions, by Python package
 * @property {string[]} [missing] Python packages
 * @property {string} [install] the command that installs them
 * @property {string} [install_runtime] the same without what only MQTT needs
 */

export class ServerStatus {
    #page;
    /** @type {number | null} */
    #timer = null;
    #isWaiting = false;
    #state = ko.observable(/** @type {ServerState | null} */ (null));

    /**
     * @param {FormSettings} config
     * @param {object} page
     * @param {() => Promise<import("./types.js").Status>} page.status the server's
     * @param {() => Settings} page.saved the saved settings
     * @param {typeof import("./broker.js").resultText} page.resultText
     * @param {() => Promise<unknown>} page.renewId rejects with the server's answer
     * @param {(title: string, lines: string[]) => void} page.notify
     * @param {import("./clipboard.js").Clipboard} page.clipboard
     */
    constructor(config, page) {
        this.#page = page;
        this.clipboard = page.clipboard;
        /**
         * @template {string | boolean} T
         * @param {(state: ServerState) => T} read
         */
        const fromState = (read, unknown = /** @type {T} */ ("")) =>
            ko.pureComputed(() =>
                this.#state()
                    ? read(/** @type {ServerState} */ (this.#state()))
                    : unknown,
            );
        this.icon = fromState(({ state }) => ICONS[state] ?? ERROR_ICON);
        this.text = fromState((it) => {
            if (it.state === "off") return this.#offText(config, it);
            return STATE_TEXTS[it.state]?.(it) ?? this.#failureText(it.state);
        });
        // Not part of `text`, as screen readers would announce it each time.
        this.sent = fromState(({ state, sent }) =>
            state === "connected" ? messages(/** @type {number} */ (sent)) : "",
        );
        this.detail = fromState(({ state, detail }) =>
            WITHOUT_ERROR.includes(state) ? "" : (detail ?? ""),
        );
        this.runtime = fromState(({ engine }) => (engine ? runtimeText(engine) : ""));
        this.noRuntime = fromState(({ engine }) => engine === "", false);
        this.problems = fromState(({ engine_problems }) => lines(engine_problems));
        this.isForgotten = fromState(({ is_kept }) => is_kept === false, false);
        this.isRefused = fromState(({ is_refused }) => Boolean(is_refused), false);
        this.isTopicShared = fromState(({ is_shared }) => Boolean(is_shared), false);
        this.idConflict = fromState(idConflict);
        this.install = fromState(
            ({ install, install_runtime }) =>
                (config.mqtt_enabled() ? install : install_runtime) ?? "",
        );
        this.lacksRequirements = ko.pureComputed(
            () => this.noRuntime() || this.install() !== "",
        );
    }

    /**
     * Starts or stops requesting the status.
     *
     * @param {boolean} on
     */
    setPolling(on) {
        if (on === (this.#timer !== null)) return;
        clearInterval(/** @type {number} */ (this.#timer));
        this.#timer = on ? setInterval(() => this.poll(), POLL_INTERVAL) : null;
        this.clipboard.copied(false);
        this.#state(null);
        this.poll();
    }

    /** Requests the status now, unless polling is off or a request is under way. */
    async poll() {
        if (this.#timer === null || this.#isWaiting) return;
        this.#isWaiting = true;
        const noAnswer = { server: { state: "no_answer" } };
        const { server } = await this.#page.status().catch(() => noAnswer);
        this.#isWaiting = false;
        if (this.#timer !== null) this.#state(server);
    }

    /** Gives this OctoPrint a new client id, after a confirmation. */
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
            // Not async: OctoPrint ignores async functions.
            onproceed: () =>
                renewId()
                    .catch(failed)
                    .then(() => this.poll()),
        });
    }

    /**
     * The text while MQTT is off: what is on, or how the form switches it on.
     *
     * @param {FormSettings} config
     * @param {ServerState} state
     */
    #offText(config, { engine, outlets }) {
        const entered = ko.toJS(config);
        const saved = this.#page.saved();
        /** @param {Record<string, unknown>} settings */
        const isOn = (settings, /** @type {typeof OUTLETS[number]} */ outlet) =>
            settings.enabled && settings[`${outlet}_enabled`];
        if (isOn(entered, "mqtt")) {
            const parts = [gettext("Not publishing yet.")];
            if (!entered.mqtt_broker_host) parts.push(this.#page.resultText("no_host"));
            else if (!isOn(saved, "mqtt") || !saved.mqtt_broker_host) {
                parts.push(gettext("Save the settings to start."));
            }
            return parts.join(" ");
        }
        // Without a runtime it calculates nothing, whatever is on.
        if (engine) return gettext("OctoPrint calculates the ETAs itself.");
        const off = gettext("OctoPrint calculates nothing itself.");
        return !outlets?.length && OUTLETS.some((outlet) => isOn(entered, outlet))
            ? [off, gettext("Save the settings to start.")].join(" ")
            : off;
    }

    /**
     * The text for a connection that failed.
     *
     * @param {string} code
     */
    #failureText(code) {
        const { resultText } = this.#page;
        const text = resultText(code) ?? resultText("unreachable");
        return NO_RETRY.includes(code) ? text : withRetryNote(text);
    }
}

/** @param {number} count */
function messages(count) {
    const text = ngettext("%(count)d message sent.", "%(count)d messages sent.", count);
    return _.sprintf(text, { count });
}

/**
 * Whether another OctoPrint has, or may have, the same client id, and what to do; empty if not.
 *
 * @param {ServerState} state
 */
function idConflict({ state, is_twin }) {
    if (is_twin) {
        return gettext(
            "Another OctoPrint, perhaps a copy, has the same client ID. Give one of them a new ID.",
        );
    }
    if (state !== "taken") return "";
    return gettext(
        "If OctoPrint was copied, both copies have the same client ID. Give one of them a new ID.",
    );
}

/** @param {string} engine */
function runtimeText(engine) {
    return _.sprintf(gettext("WebAssembly runtime: %(engine)s."), {
        engine: RUNTIME_NAMES[engine] ?? engine,
    });
}

/** @param {ServerState["engine_problems"]} problems */
function lines(problems) {
    const entries = Object.entries(problems ?? {});
    return entries
        .map(([engine, why]) => `${RUNTIME_NAMES[engine] ?? engine}: ${why}`)
        .join("\n");
}
