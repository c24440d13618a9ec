// Users who are not administrators, and settings that they must not see.
import { expect } from "@playwright/test";
import { reload } from "./browser.mjs";

// A remote address: requests from this machine count as the administrator's.
export const ELSEWHERE = { "X-Forwarded-For": "203.0.113.7" };

export const SECRETS = {
    mqtt_broker_host: "broker-of-mine.invalid",
    mqtt_username: "user-of-mine",
    mqtt_password: "password-of-mine",
};

/**
 * Stores the secrets and creates a user whose password is the name; guests may look.
 * Resolves to the API keys by name.
 */
export async function addUser(octoprint, { name, ...options }) {
    await octoprint.configure(SECRETS);
    const permissions = ["STATUS", "SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions });
    await octoprint.api("access/users", {
        name,
        password: name,
        active: true,
        ...options,
    });
    const { apikey } = await octoprint.api(`access/users/${name}/apikey`, {});
    return { admin: octoprint.apiKey, [name]: apikey };
}

/** The secrets that a text contains. */
export const secretsIn = (text) =>
    Object.values(SECRETS).filter((it) => text.includes(it));

/** Sends a request to OctoPrint's API from a remote address; anonymous without a key. */
export function requestAs(key, octoprint, path, body) {
    return fetch(`${octoprint.url}api/${path}`, {
        method: body ? "POST" : "GET",
        headers: {
            ...ELSEWHERE,
            "Content-Type": "application/json",
            ...(key ? { "X-Api-Key": key } : {}),
        },
        body: body && JSON.stringify(body),
    });
}

/** Logs in a user whose password is the name, and reloads the page. */
export async function logIn(page, name) {
    await page.evaluate((it) => window.OctoPrint.browser.login(it, it), name);
    await reload(page);
    const username = () =>
        page.evaluate(() =>
            window.OctoPrint.coreui.viewmodels.loginStateViewModel.username(),
        );
    await expect.poll(username, { message: "user" }).toBe(name);
}
