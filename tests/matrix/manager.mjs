// OctoPrint's Plugin Manager, asked as its page asks, and clicked in its page.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect } from "@playwright/test";

/** How the page asks: its own client, with what it is told of the result. */
export async function ask(page, method, ...args) {
    const told = await heard(page, method);
    await page.evaluate(
        ([name, values]) =>
            window.OctoPrint.plugins.pluginmanager[name](...values).promise(),
        [method, args],
    );
    return told();
}

/** Uploads a file, as the page does; resolves to the result. */
export async function upload(page, file) {
    const told = await heard(page, "install");
    const form = new FormData();
    form.append("file", new Blob([readFileSync(file)]), basename(file));
    const path = "plugin/pluginmanager/upload_file";
    const answer = await page.octoprint.request(path, { method: "POST", body: form });
    expect(answer.status, await answer.text()).toBe(200);
    return told();
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
    const told = await heard(page, "install");
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
    return told();
}

/** Uninstalls a plugin by clicks; resolves to the result. */
export async function uninstallByClicks(page, name) {
    await openManager(page);
    const told = await heard(page, "uninstall");
    await rowOf(page, name).locator(".fa-trash-alt").click();
    await page.locator(".modal.in .btn", { hasText: /^Uninstall$/ }).click();
    return told();
}

/** Listens; what it resolves to waits for what the page is told of the result of an action. */
async function heard(page, action) {
    const said = await page.evaluateHandle((action) => {
        const said = [];
        window.OctoPrint.socket.onMessage("plugin", ({ data }) => {
            const { type, ...result } = data.data ?? {};
            const isOurs = data.plugin === "pluginmanager" && type === "result";
            if (isOurs && result.action === action) said.push(result);
        });
        return said;
    }, action);
    return async () => {
        const message = `what the page is told of the ${action}`;
        await expect
            .poll(() => said.evaluate((it) => it.length), { message })
            .toBeGreaterThan(0);
        return said.evaluate((it) => it[0]);
    };
}
