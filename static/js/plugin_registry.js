/**
 * The algorithms of other plugins that the module asks: registers them, and takes back those that
 * misbehave.
 */

import { notice } from "./notice.js";
import * as pluginAlgorithms from "./plugin_algorithms.js";

export class PluginRegistry {
    #engine;
    /**
     * The registered function of each algorithm, by id.
     *
     * @type {Map<string, import("../wasm/temp_eta.js").AlgorithmEstimate>}
     */
    #estimates = new Map();
    /** @type {Map<string, pluginAlgorithms.Budget>} */
    #budgets = new Map();

    /** @param {import("./engine.js").Engine} engine */
    constructor(engine) {
        this.#engine = engine;
    }

    /**
     * Registers an algorithm of another plugin.
     *
     * @throws {TypeError | RangeError} if it is invalid or there are too many algorithms
     * @param {import("./plugin_algorithms.js").Algorithm} algorithm
     * @param {(reason: pluginAlgorithms.StopReason) => void} onStop called when it has been
     *     switched off
     */
    register(algorithm, onStop) {
        pluginAlgorithms.validate(algorithm);
        /** @type {Parameters<typeof pluginAlgorithms.supervised>[1]} */
        const stopped = (reason, error) => {
            console.warn(
                `Temperature ETA: ${algorithm.id} disabled (${reason})`,
                error ?? "",
            );
            // Not now, as the module is in the middle of an estimate; by then the id may have
            // been registered again.
            queueMicrotask(() => {
                const isCurrent = this.#estimates.get(algorithm.id) === estimate;
                if (isCurrent) this.#engine.unregister(algorithm.id);
            });
            const words = pluginAlgorithms.stopNotice(algorithm.name, reason);
            notice(words, { type: "error", hide: false });
            onStop(reason);
        };
        const { id } = algorithm;
        const budget = this.#budgets.get(id) ?? new pluginAlgorithms.Budget();
        if (budget.isUsedUp) {
            throw new RangeError(`${id} is too slow, or registered too often`);
        }
        budget.register();
        const estimate = pluginAlgorithms.supervised(algorithm, stopped, budget);
        // It is asked about the readings so far.
        budget.spend(() => this.#engine.register(id, estimate));
        this.#budgets.set(id, budget);
        this.#estimates.set(id, estimate);
    }
}
