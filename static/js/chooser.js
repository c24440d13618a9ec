/**
 * The choice of the algorithm in the settings, with each one's score on this printer, and a
 * summary of what was learned.
 *
 * @typedef {import("../wasm/temp_eta.js").Learned} Learned
 * @typedef {import("./plugin_algorithms.js").StopReason} StopReason
 */

// Functions, as gettext is not defined yet when this file is loaded.
/** @type {Record<StopReason, () => string>} */
const STOP_TEXTS = {
    threw: () => gettext("disabled: failed"),
    no_time: () => gettext("disabled: invalid time"),
    slow: () => gettext("disabled: too slow"),
};

export class Chooser {
    /**
     * @param {ko.Observable<string>} chosen the algorithm selected in the form
     * @param {object} page
     * @param {{id: string, name: string}[]} page.builtIn
     * @param {() => import("./types.js").PluginAlgorithm[]} page.pluginAlgorithms
     * @param {() => Learned[]} page.learned
     * @param {() => import("./format.js").View} page.view
     * @param {typeof import("./scores.js")} page.scores
     * @param {typeof import("./format.js")} page.format
     */
    constructor(chosen, page) {
        const { builtIn, pluginAlgorithms, learned, view, scores, format } = page;
        this.chosen = chosen;
        this.algorithms = ko.pureComputed(() => {
            const known = builtIn.map((it) => ({ ...it, problem: "" }));
            for (const { id, name, stopReason } of pluginAlgorithms()) {
                const reason = stopReason();
                known.push({ id, name, problem: reason && STOP_TEXTS[reason]() });
            }
            if (!known.some((it) => it.id === chosen())) {
                const problem = gettext("unavailable: using Linear");
                known.push({ id: chosen(), name: chosen(), problem });
            }
            const scoreOf = (/** @type {string} */ id) =>
                scoreText(scores.score(learned(), id));
            return known.map((it) => ({ ...it, note: it.problem || scoreOf(it.id) }));
        });
        this.best = ko.pureComputed(() => {
            const usable = this.algorithms().filter((it) => !it.problem);
            const ids = usable.map((it) => it.id);
            return scores.best(learned(), ids);
        });
        this.learnedTexts = ko.pureComputed(() =>
            learned().map((it) => learnedText(it, format.name(it.heater, view()))),
        );
    }

    useBest() {
        if (this.best()) this.chosen(this.best());
    }
}

/** @param {ReturnType<typeof import("./scores.js").score>} score */
function scoreText(score) {
    if (!score) return gettext("not measured yet");
    const words = ngettext(
        "error %(error)d%% of the total time, measured once",
        "error %(error)d%% of the total time, measured %(count)d times",
        score.transients,
    );
    const error = Math.round(100 * score.error);
    return _.sprintf(words, { error, count: score.transients });
}

/**
 * @param {Learned} learned
 * @param {string} heater its name on the page
 */
function learnedText({ heatUps, coolDowns, since }, heater) {
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
