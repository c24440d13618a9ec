/** The algorithms of a page: the built-in ones and those of other plugins. */

/** Used while the selected one is not registered. */
const DEFAULT = "linear";

// Functions, as gettext is not defined yet when this file is loaded.
/** @type {Record<string, () => string>} */
const BUILT_IN = {
    linear: () => gettext("Linear"),
    exponential: () => gettext("Exponential"),
    adaptive: () => gettext("Adaptive"),
};

export class Algorithms {
    #plugins;

    /** @param {() => import("./types.js").PluginAlgorithm[]} plugins */
    constructor(plugins) {
        this.#plugins = plugins;
    }

    /** The ids of those that run. */
    get running() {
        const plugins = this.#plugins().filter((it) => !it.stopReason());
        return [...Object.keys(BUILT_IN), ...plugins.map((it) => it.id)];
    }

    /**
     * The one that is shown.
     *
     * @param {string | undefined} selected in the settings
     */
    shown(selected) {
        return selected && this.running.includes(selected) ? selected : DEFAULT;
    }

    /** @param {string} id */
    isBuiltIn(id) {
        return Object.keys(BUILT_IN).includes(id);
    }

    /** @param {string} id */
    name(id) {
        const plugin = this.#plugins().find((it) => it.id === id);
        return BUILT_IN[id]?.() ?? plugin?.name ?? id;
    }
}
