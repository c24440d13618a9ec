/**
 * One line that offers another algorithm when that was clearly more accurate on this printer, for
 * users who may change the settings.
 *
 * @typedef {import("./types.js").Saved} Saved
 *
 * @typedef {object} Accepted
 * @property {Saved["algorithm"]} algorithm
 * @property {Saved["algorithm"]} before the one that was selected until then
 */

export class Offer {
    #page;
    /** The offer that was accepted on this page, until it is undone or another one is selected. */
    #accepted = ko.observable(/** @type {Accepted | null} */ (null));
    /** Whether a change is being saved. */
    saving = ko.observable(false);

    /**
     * @param {object} page
     * @param {() => import("./types.js").Settings} page.saved
     * @param {() => import("../wasm/temp_eta.js").Learned[]} page.learned
     * @param {() => unknown} page.maySave whether the user may change the settings
     * @param {import("./algorithms.js").Algorithms} page.algorithms
     * @param {typeof import("./scores.js")} page.scores
     * @param {typeof import("./format.js")} page.format
     * @param {(changes: Partial<Saved>) => Promise<unknown>} page.save
     * @param {typeof import("./notice.js").notice} page.notice
     */
    constructor(page) {
        this.#page = page;
        const { saved, learned, maySave, algorithms, scores } = page;
        this.better = ko.pureComputed(() => {
            if (!maySave() || !saved().suggest_algorithm) return null;
            const shown = algorithms.shown(saved().algorithm);
            return scores.clearlyBetter(learned(), shown, algorithms.running);
        });
        this.accepted = ko.pureComputed(() => {
            const accepted = this.#accepted();
            return accepted?.algorithm === saved().algorithm ? accepted : null;
        });
        this.text = ko.pureComputed(() => this.#text());
        // Both buttons stay when the offer is accepted, and with them the focus.
        this.actionText = ko.pureComputed(() => {
            const better = this.better();
            if (this.accepted() || !better) return gettext("Undo");
            return _.sprintf(gettext("Use %(algorithm)s"), this.#name(better));
        });
        this.dismissText = ko.pureComputed(() =>
            this.accepted() ? gettext("Close") : gettext("Not now"),
        );
        this.dismissTitle = ko.pureComputed(() =>
            this.accepted()
                ? ""
                : gettext(
                      "Turns suggestions off. You can turn them on again in the settings.",
                  ),
        );
    }

    /** @param {{algorithm: string}} of */
    #name({ algorithm }) {
        return { algorithm: this.#page.algorithms.name(algorithm) };
    }

    #text() {
        const accepted = this.accepted();
        if (accepted)
            return _.sprintf(gettext("%(algorithm)s is used now."), this.#name(accepted));
        const better = this.better();
        if (!better) return "";
        const { format, algorithms, saved } = this.#page;
        const shown = algorithms.shown(saved().algorithm);
        return _.sprintf(
            gettext("%(algorithm)s was %(error)s off, %(shown)s %(shownError)s."),
            {
                ...this.#name(better),
                error: format.error(better.error),
                shown: algorithms.name(shown),
                shownError: format.error(better.shownError),
            },
        );
    }

    /** Accepts the offer, or undoes that. */
    act() {
        return this.accepted() ? this.undo() : this.accept();
    }

    /** Removes the line. */
    dismiss() {
        return this.accepted() ? this.close() : this.decline();
    }

    /** Uses the algorithm that is offered, on all pages. */
    async accept() {
        const better = this.better();
        if (!better || this.saving()) return;
        const algorithm = /** @type {Saved["algorithm"]} */ (better.algorithm);
        const before = this.#page.saved().algorithm ?? "linear";
        // First, as the saved settings may arrive before the answer.
        this.#accepted({ algorithm, before });
        if (!(await this.#save({ algorithm }))) this.#accepted(null);
    }

    /** Uses the algorithm from before the offer was accepted. */
    async undo() {
        const accepted = this.#accepted();
        if (accepted && (await this.#save({ algorithm: accepted.before })))
            this.#accepted(null);
    }

    /** Nothing is offered any more. */
    decline() {
        return this.#save({ suggest_algorithm: false });
    }

    /** Removes the line that says what is used now. */
    close() {
        this.#accepted(null);
    }

    /**
     * @param {Partial<Saved>} changes
     * @returns {Promise<boolean>} whether they were saved
     */
    async #save(changes) {
        if (this.saving()) return false;
        this.saving(true);
        try {
            await this.#page.save(changes);
            return true;
        } catch {
            const text = gettext("OctoPrint did not save the change.");
            this.#page.notice({ title: gettext("Not saved"), text }, { type: "error" });
            return false;
        } finally {
            this.saving(false);
        }
    }
}
