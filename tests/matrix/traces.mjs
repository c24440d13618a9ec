/** The plugin's elements, loaded files, view models and settings in a page. */
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

/** The paths of the plugin's files that a page has loaded. */
export async function loadedFiles(page) {
    const { files } = await tracesIn(page);
    return files.map((it) => it.replace(/^https?:\/\/[^/]+/, "")).sort();
}
