// What OctoPrint's own Temperature tab shows of ours: a countdown in each row, and the
// forecast in its graph. Whatever else is missing or fails, the tab must go on: it may belong
// to another plugin, and our view model may not have come into being.
$(() => {
    const viewModel = () => OctoPrint.coreui?.viewmodels?.tempEtaViewModel;

    /**
     * @template T
     * @param {string} what is to be seen
     * @param {() => T} action
     */
    const harmless = (what, action) => {
        try {
            return action();
        } catch (error) {
            console.warn(`Temperature ETA: no ${what} in the Temperature tab`, error);
        }
    };

    // The rows are bound by whoever the tab belongs to: a binding of our own works there too.
    ko.bindingHandlers.tempEta = {
        init(element, value) {
            harmless("countdown", () => {
                const name = "temp-eta-inline-template";
                if (!document.getElementById(name)) throw new Error(`no ${name}`);
                const foreach = /** @type {import("./types.js").Eta} */ (
                    viewModel()
                ).inline(value());
                ko.applyBindingsToNode(element, { template: { name, foreach } });
            });
            return { controlsDescendantBindings: true };
        },
    };

    /** Puts our binding into OctoPrint's row template, before OctoPrint binds it. */
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
        // OctoPrint's `html` binding replaces all that is in its element.
        if (cell.dataset.bind) {
            const actual = document.createElement("span");
            actual.dataset.bind = cell.dataset.bind;
            delete cell.dataset.bind;
            cell.append(actual);
        }
        cell.append(countdown);
        script.text = row.innerHTML;
    }

    /** Draws the forecast into OctoPrint's graph, by Flot's own interface for plugins. */
    function patchGraph() {
        $.plot.plugins.push({
            name: "tempEta",
            version: "1",
            options: {},
            init(plot) {
                if (plot.getPlaceholder().attr("id") !== "temperature-graph") return;
                plot.hooks.processRawData.push(() =>
                    harmless("forecast", () => viewModel()?.makeRoom(plot)),
                );
                plot.hooks.draw.push((_plot, context) =>
                    harmless("forecast", () => viewModel()?.drawAhead(plot, context)),
                );
            },
        });
    }

    harmless("countdown", patchRow);
    harmless("forecast", patchGraph);
});
