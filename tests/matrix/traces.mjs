// What of the plugin is to be seen, in a page and in OctoPrint's process.
import { readFileSync } from "node:fs";

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

/** What a process with this id names its threads. */
export function threadsOf(octoprint) {
    return octoprint.api("plugin/thread_names").then(({ threads }) => threads);
}

/** The lines of OctoPrint's log, from a start of it on. */
export function logLines(octoprint) {
    const lines = readFileSync(octoprint.logFile, "utf8").split("\n");
    const start = lines.findLastIndex((line) => /Starting OctoPrint/.test(line));
    return lines.slice(Math.max(start, 0));
}
