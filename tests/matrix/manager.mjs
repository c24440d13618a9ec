// OctoPrint's Plugin Manager, asked as its page asks, and clicked in its page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** How long pip may take, in ms. */
const PATIENCE = 120_000;

/** How the page asks: its own client, with what it is told of the result. */
export async function ask(page, method, ...args) {
    const tells = heard(page, method);
    await page.evaluate(
        ([name, values]) =>
            window.OctoPrint.plugins.pluginmanager[name](...values).promise(),
        [method, args],
    );
    return tells;
}

/** Uploads a file, as the page does; resolves to the result. */
export async function upload(page, octoprint, file) {
    const tells = heard(page, "install");
    const form = new FormData();
    form.append("file", new Blob([readFileSync(file)]), basename(file));
    const answer = await fetch(`${octoprint.url}plugin/pluginmanager/upload_file`, {
        method: "POST",
        headers: { "X-Api-Key": octoprint.apiKey },
        body: form,
    });
    assert.equal(answer.status, 200, await answer.text());
    return tells;
}

/** Shows the Plugin Manager in the settings dialog. */
export async function openManager(page) {
    await page.locator("#navbar_show_settings").click();
    await page.locator("#settings_plugin_pluginmanager_link a").click();
    await page.locator("#settings_plugin_pluginmanager_plugins").waitFor();
}

/** The row of a plugin in the list of those that are installed. */
export function rowOf(page, name) {
    const rows = page.locator("#settings_plugin_pluginmanager_pluginlist tr");
    return rows.filter({ hasText: name });
}

/** Installs a file by clicks; resolves to the result. */
export async function installByClicks(page, file) {
    await openManager(page);
    const tells = heard(page, "install");
    await page.getByRole("button", { name: "Get More" }).click();
    const proceed = page.getByRole("button", { name: "Proceed" });
    const dialog = page.locator("#settings_plugin_pluginmanager_repositorydialog.in");
    // Newer ones first say what the risks are.
    await proceed.or(dialog).first().waitFor();
    if (await proceed.isVisible()) await proceed.click();
    await dialog.waitFor();
    const field = "#settings_plugin_pluginmanager_repositorydialog_upload";
    await page.locator(field).setInputFiles(file);
    await page.locator(`${field}_start`).click();
    return tells;
}

/** Uninstalls a plugin by clicks; resolves to the result. */
export async function uninstallByClicks(page, name) {
    await openManager(page);
    const tells = heard(page, "uninstall");
    await rowOf(page, name).locator(".fa-trash-alt").click();
    await page.locator(".modal.in .btn", { hasText: /^Uninstall$/ }).click();
    return tells;
}

/** What the page is told next of the result of an action; resolves to it. */
function heard(page, action) {
    const tells = page.evaluate(
        ([wanted, patience]) =>
            new Promise((resolve, reject) => {
                const give = () => reject(new Error(`no result of ${wanted}`));
                const timer = setTimeout(give, patience);
                window.OctoPrint.socket.onMessage("plugin", ({ data }) => {
                    const said = data.data ?? {};
                    if (data.plugin !== "pluginmanager" || said.type !== "result") return;
                    if (said.action !== wanted) return;
                    clearTimeout(timer);
                    resolve(said);
                });
            }),
        [action, PATIENCE],
    );
    // Whoever waits for it may have failed before.
    tells.catch(() => {});
    return tells;
}
