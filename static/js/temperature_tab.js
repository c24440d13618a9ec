// Our part of OctoPrint's own Temperature tab: a countdown in each row, and the forecast in the
// graph. The tab must keep working whatever fails: it may belong to another plugin, and our
// view model may not exist.
$(() => {
    const viewModel = () => OctoPrint.coreui?.viewmodels?.tempEtaViewModel;

    /**
     * @template T
     * @param {string} what for the warning
     * @param {() => T} action
     */
    const guarded = (what, action) => {
        try {
            return action();
        } catch (error) {
            console.warn(`Temperature ETA: no ${what} in the Temperature tab`, error);
        }
    };

    // A custom binding, as the rows may be bound to another plugin's view model.
    ko.bindingHandlers.tempEta = {
        init(element, value) {
            guarded("countdown", () => {
                const name = "temp-eta-inline-template";
                if (!document.getElementById(name)) throw new Error(`no ${name}`);
                const foreach = /** @type {import("./types.js").TempEtaViewModel} */ (
                    viewModel()
                ).inline(value());
                ko.applyBindingsToNode(element, { template: { name, foreach } });
            });
            return { controlsDescendantBindings: true };
        },
    };

    /** Adds our binding to OctoPrint's row template, before OctoPrint uses it. */
    function patchRow() {
        const script = /** @type {HTMLScriptElement | null} */ (
            document.getElementById("temprow-template")
        );
        if (!script || script.text.includes("tempEta:")) return;
        const row = document.createElement("template");
        row.innerHTML = script.text;
        /** @type {HTMLElement | null} */
        const cell = row.content.querySelector(".temperature_actual");
        if (!cell) return;
        const countdown = document.createElement("div");
        countdown.dataset.bind = "tempEta: key";
        // OctoPrint's `html` binding replaces the content of its element.
        if (cell.dataset.bind) {
            const actual = document.createElement("span");
            actual.dataset.bind = cell.dataset.bind;
            delete cell.dataset.bind;
            cell.append(actual);
        }
        cell.append(countdown);
        script.text = row.innerHTML;
    }

    /** Draws the forecast into OctoPrint's graph, as a Flot plugin. */
    function patchGraph() {
        $.plot.plugins.push({
            name: "tempEta",
            version: "1",
            options: {},
            init(plot) {
                if (plot.getPlaceholder().attr("id") !== "temperature-graph") return;
                plot.hooks.processRawData.push(() =>
                    guarded("forecast", () => viewModel()?.extendTimeAxis(plot)),
                );
                plot.hooks.draw.push((_plot, context) =>
                    guarded("forecast", () => viewModel()?.drawForecast(plot, context)),
                );
            },
        });
    }

    guarded("countdown", patchRow);
    guarded("forecast", patchGraph);
});
