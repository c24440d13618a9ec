/**
 * What was learned, in the settings: who keeps it, and to delete it, save it to a file and read it
 * from one.
 *
 * @typedef {import("./learned_data.js").Problem} Problem
 * @typedef {Map<string, number[]>} States
 */

// Functions, as gettext is not defined yet when this file is loaded.
const REASONS = {
    no_answer: () => gettext("OctoPrint gives no usable answer."),
    unwritable: () =>
        gettext("OctoPrint could not write its file. Its disk may be full."),
    unreadable: () => gettext("OctoPrint could not read its file. Its log says why."),
    not_running: () => gettext("The calculation is not running."),
};

/** @param {Problem} problem */
function keepingText(problem) {
    if (problem === "")
        return gettext("Stored by OctoPrint for all browsers and for itself.");
    if (problem === "no_permission")
        return gettext(
            "OctoPrint stores learned data, but what this browser learns is not added: you do not have permission to control the printer.",
        );
    if (problem === "not_running") return REASONS[problem]();
    const words = { reason: REASONS[problem]() };
    return _.sprintf(gettext("Stored only in this browser for now. %(reason)s"), words);
}

/** What a file has as its `content`, so that no other is taken for one. */
const CONTENT = "Temperature ETA: learned data";

/** Version of the form of a file. */
const VERSION = 1;

/** Longest file that is read, in bytes: of 32 heaters, twice as long as states are. */
const MAX_FILE = 1_000_000;

/** Most heaters in a file: OctoPrint keeps no more. */
const MAX_HEATERS = 32;

export class LearnedPane {
    #page;

    /**
     * @param {object} page
     * @param {() => Problem} page.problem
     * @param {() => string} page.profile OctoPrint's id of the printer profile
     * @param {() => States} page.states
     * @param {(heater: string, numbers: number[]) => number} page.experience how much a state was
     *     learned from; -1 if it is invalid
     * @param {(states: States) => Promise<boolean>} page.replace takes states; returns whether
     *     OctoPrint has stored them
     * @param {() => Promise<boolean>} page.forget returns whether that was possible
     * @param {(heaters: string[]) => string} page.names of heaters, on the page
     * @param {(title: string, lines: string[], type?: "success") => void} page.notify
     * @param {(name: string, text: string) => void} page.download
     */
    constructor(page) {
        this.#page = page;
        /** Who keeps it. */
        this.keeping = ko.pureComputed(() => keepingText(page.problem()));
        this.isRunning = ko.pureComputed(() => page.problem() !== "not_running");
    }

    /** Deletes what was learned, after a confirmation. */
    forget() {
        const { forget, notify, problem } = this.#page;
        const isForAll = problem() !== "no_permission";
        const deleted = async () => {
            if (await forget()) return;
            const now = problem();
            const isKnown = now !== "" && now !== "no_permission";
            notify(gettext("Nothing was deleted"), isKnown ? [REASONS[now]()] : []);
        };
        showConfirmationDialog({
            message: isForAll
                ? gettext(
                      "This deletes what was learned about this printer, for all browsers and for OctoPrint itself.",
                  )
                : gettext(
                      "This deletes what this browser has learned about this printer. What OctoPrint keeps stays.",
                  ),
            proceed: gettext("Delete"),
            // OctoPrint's Lodash does not take an async function for one.
            onproceed: () => deleted(),
        });
    }

    /** Saves what was learned to a file. */
    save() {
        const { profile, states, download } = this.#page;
        const file = {
            content: CONTENT,
            version: VERSION,
            profile: profile(),
            heaters: Object.fromEntries(states()),
        };
        download(`temperature-eta-${profile()}.json`, JSON.stringify(file));
    }

    /** Lets the user choose a file, by the field beside the button. */
    choose(/** @type {unknown} */ _data, /** @type {Event} */ { currentTarget }) {
        const button = /** @type {HTMLElement} */ (currentTarget);
        /** @type {HTMLInputElement | null | undefined} */
        const field = button.parentElement?.querySelector("input[type=file]");
        field?.click();
    }

    /** Reads the file that was chosen. */
    chosen(/** @type {unknown} */ _data, /** @type {Event} */ { target }) {
        const field = /** @type {HTMLInputElement} */ (target);
        const [file] = field.files ?? [];
        const done = file ? this.read(file) : Promise.resolve();
        // The same file can be chosen again.
        field.value = "";
        return done;
    }

    /**
     * Takes what is in a file, after a confirmation; says what is not taken, and why.
     *
     * @param {File} file
     */
    async read(file) {
        const { names, notify, replace, problem } = this.#page;
        const { states, refused, reason } = await this.#open(file);
        /** @type {string[]} */
        const lines = [];
        if (refused.length) {
            const words = { heaters: names(refused) };
            lines.push(
                _.sprintf(
                    gettext(
                        "Not usable, as it is damaged or from a newer version: %(heaters)s",
                    ),
                    words,
                ),
            );
        }
        if (!states.size) {
            notify(gettext("Nothing was imported"), [reason, ...lines].filter(Boolean));
            return;
        }
        const heaters = names([...states.keys()]);
        const message = _.sprintf(
            gettext("This replaces what was learned about: %(heaters)s"),
            // OctoPrint takes the message for HTML.
            { heaters: _.escape(heaters) },
        );
        const imported = async () => {
            const isStored = await replace(states);
            const title = isStored
                ? gettext("Imported: %(heaters)s")
                : gettext("Imported in this browser only: %(heaters)s");
            if (problem()) lines.push(keepingText(problem()));
            const type = isStored && !lines.length ? "success" : undefined;
            notify(_.sprintf(title, { heaters }), lines, type);
        };
        showConfirmationDialog({
            message,
            proceed: gettext("Import"),
            onproceed: () => imported(),
        });
    }

    /**
     * @param {File} file
     * @returns {Promise<{states: States, refused: string[], reason: string}>}
     */
    async #open(file) {
        /** @type {States} */
        const states = new Map();
        /** @type {string[]} */
        const refused = [];
        const nothing = (/** @type {string} */ reason) => ({ states, refused, reason });
        if (file.size > MAX_FILE) return nothing(gettext("The file is too large."));
        const { content, version, heaters } = await parse(file);
        if (content !== CONTENT)
            return nothing(gettext("The file has no learned data of this plugin."));
        if (version !== VERSION)
            return nothing(gettext("The file is from a newer version of this plugin."));
        const all = Object.entries(heaters ?? {});
        if (all.length > MAX_HEATERS)
            return nothing(gettext("The file has too many heaters."));
        for (const [heater, numbers] of all) {
            if (this.#page.experience(heater, numbers) < 0) refused.push(heater);
            else states.set(heater, numbers);
        }
        return nothing(all.length ? "" : gettext("There is nothing in the file."));
    }
}

/**
 * The JSON in a file; an empty object if it has none.
 *
 * @param {File} file
 * @returns {Promise<any>}
 */
async function parse(file) {
    try {
        return JSON.parse(await file.text()) ?? {};
    } catch {
        return {};
    }
}
