/**
 * The algorithms to choose from, how good each was on this printer, and what was learned.
 *
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 * @typedef {import("./guests.js").End} End
 */

// Functions, since gettext is not there yet when this file is loaded.
/** @type {Record<End, () => string>} */
const OFF = {
    threw: () => gettext("disabled: it failed"),
    no_time: () => gettext("disabled: invalid time"),
    slow: () => gettext("disabled: too slow"),
};

export class Chooser {
    /**
     * @param {ko.Observable<string>} chosen the algorithm that is chosen in the form
     * @param {object} page
     * @param {{id: string, name: string}[]} page.ours
     * @param {() => {id: string, name: string, off: () => End | ""}[]} page.guests
     * @param {() => Learned[]} page.learned
     * @param {() => import("./format.js").View} page.view
     * @param {typeof import("./scores.js")} page.scores
     * @param {typeof import("./format.js")} page.format
     */
    constructor(chosen, { ours, guests, learned, view, scores, format }) {
        this.chosen = chosen;
        this.algorithms = ko.pureComputed(() => {
            const known = ours.map((it) => ({ ...it, off: "" }));
            for (const { id, name, off } of guests()) {
                known.push({ id, name, off: off() && OFF[/** @type {End} */ (off())]() });
            }
            if (!known.some((it) => it.id === chosen())) {
                const off = gettext("unavailable: using Linear");
                known.push({ id: chosen(), name: chosen(), off });
            }
            const scored = (/** @type {string} */ id) =>
                measured(scores.score(learned(), id));
            return known.map((it) => ({ ...it, note: it.off || scored(it.id) }));
        });
        this.best = ko.pureComputed(() => {
            const usable = this.algorithms().filter((it) => !it.off);
            const ids = usable.map((it) => it.id);
            return scores.best(learned(), ids);
        });
        this.lessons = ko.pureComputed(() =>
            learned().map((it) => lesson(it, format.name(it.heater, view()))),
        );
    }

    useBest() {
        if (this.best()) this.chosen(this.best());
    }
}

/** @param {ReturnType<typeof import("./scores.js").score>} score */
function measured(score) {
    if (!score) return gettext("not measured yet");
    const words = ngettext(
        "off by %(error)d%% of the total time, measured once",
        "off by %(error)d%% of the total time, measured %(ways)d times",
        score.ways,
    );
    return _.sprintf(words, { error: Math.round(100 * score.error), ways: score.ways });
}

/**
 * @param {Learned} learned
 * @param {string} heater as it is shown
 */
function lesson({ heatUps, coolDowns, since }, heater) {
    const ups = ngettext("%(count)d heat-up", "%(count)d heat-ups", heatUps);
    const downs = ngettext("%(count)d cool-down", "%(count)d cool-downs", coolDowns);
    const words = {
        heater,
        ups: _.sprintf(ups, { count: heatUps }),
        downs: _.sprintf(downs, { count: coolDowns }),
    };
    const all = _.sprintf(gettext("%(heater)s: %(ups)s, %(downs)s"), words);
    if (since === null) return all;
    const date = moment(1000 * since).format("L");
    return _.sprintf(gettext("%(all)s since %(date)s"), { all, date });
}
