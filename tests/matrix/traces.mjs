// What of the plugin is to be seen in a page.
/** What a page shows and has loaded of the plugin. */
export function tracesIn(page) {
    return page.evaluate(() => ({
        elements: [...document.querySelectorAll("[id], [class]")]
            .map((it) => `${it.id} ${it.getAttribute("class") ?? ""}`.trim())
            .filter((it) => /temp[_-]eta/i.test(it)),
        files: performance
            .getEntriesByType("resource")
            .map(({ name }) => name)
            .filter((it) => it.includes("/plugin/temp_eta/")),
        models: Object.keys(window.OctoPrint.coreui.viewmodels).filter((it) =>
            /tempeta/i.test(it),
        ),
        settings: Object.keys(
            window.OctoPrint.coreui.viewmodels.settingsViewModel.settings.plugins ?? {},
        ).filter((it) => it === "temp_eta"),
    }));
}

export const NO_TRACES = { elements: [], files: [], models: [], settings: [] };

/** The files that a page has loaded of the plugin, without its host. */
export async function loadedFiles(page) {
    const { files } = await tracesIn(page);
    return files.map((it) => it.replace(/^https?:\/\/[^/]+/, "")).sort();
}
