// OctoPrint's Plugin Manager, used by requests and by clicks in its page.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect } from "@playwright/test";

/** Sends a request with the page's own client; resolves to the reported result. */
export async function ask(page, method, ...args) {
    const result = await awaitResult(page, method);
    await page.evaluate(
        ([name, values]) =>
            window.OctoPrint.plugins.pluginmanager[name](...values).promise(),
        [method, args],
    );
    return result();
}

/** Uploads a file as the page does; resolves to the reported result. */
export async function upload(page, file) {
    const result = await awaitResult(page, "install");
    const form = new FormData();
    form.append("file", new Blob([readFileSync(file)]), basename(file));
    const path = "plugin/pluginmanager/upload_file";
    const answer = await page.octoprint.request(path, { method: "POST", body: form });
    expect(answer.status, await answer.text()).toBe(200);
    return result();
}

/** Shows the Plugin Manager in the settings dialog. */
export async function openManager(page) {
    await page.locator("#navbar_show_settings").click();
    await page.locator("#settings_plugin_pluginmanager_link a").click();
    await page.locator("#settings_plugin_pluginmanager_plugins").waitFor();
}

/** The row of a plugin in the list of installed plugins. */
export function rowOf(page, name) {
    const rows = page.locator("#settings_plugin_pluginmanager_pluginlist tr");
    return rows.filter({ hasText: name });
}

/** Installs a file by clicks; resolves to the result. */
export async function installByClicks(page, file) {
    await openManager(page);
    const result = await awaitResult(page, "install");
    await page.getByRole("button", { name: "Get More" }).click();
    const proceed = page.getByRole("button", { name: "Proceed" });
    const dialog = page.locator("#settings_plugin_pluginmanager_repositorydialog.in");
    // Newer versions show the risks first.
    await proceed.or(dialog).first().waitFor();
    if (await proceed.isVisible()) await proceed.click();
    await dialog.waitFor();
    const field = "#settings_plugin_pluginmanager_repositorydialog_upload";
    await page.locator(field).setInputFiles(file);
    await page.locator(`${field}_start`).click();
    return result();
}

/** Uninstalls a plugin by clicks; resolves to the result. */
export async function uninstallByClicks(page, name) {
    await openManager(page);
    const result = await awaitResult(page, "uninstall");
    await rowOf(page, name).locator(".fa-trash-alt").click();
    await page.locator(".modal.in .btn", { hasText: /^Uninstall$/ }).click();
    return result();
}

/** Listens for the result of an action; resolves to a function that waits for it. */
async function awaitResult(page, action) {
    const results = await page.evaluateHandle((action) => {
        const results = [];
        window.OctoPrint.socket.onMessage("plugin", ({ data }) => {
            const { type, ...result } = data.data ?? {};
            const isOurs = data.plugin === "pluginmanager" && type === "result";
            if (isOurs && result.action === action) results.push(result);
        });
        return results;
    }, action);
    return async () => {
        const message = `result of ${action}`;
        await expect
            .poll(() => results.evaluate((it) => it.length), { message })
            .toBeGreaterThan(0);
        return results.evaluate((it) => it[0]);
    };
}
