// Those who are not the administrator, and what is to be kept from them.
import { expect } from "@playwright/test";
import { reload } from "./browser.mjs";

// Not from here, where everybody is the administrator.
export const ELSEWHERE = { "X-Forwarded-For": "203.0.113.7" };

export const SECRETS = {
    mqtt_broker_host: "broker-of-mine.invalid",
    mqtt_username: "user-of-mine",
    mqtt_password: "password-of-mine",
};

/**
 * Gives OctoPrint the secrets, and somebody whose password is the name; guests may look.
 * Resolves to the keys by name.
 */
export async function settle(octoprint, { name, ...rights }) {
    await octoprint.configure(SECRETS);
    const permissions = ["STATUS", "SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions });
    await octoprint.api("access/users", {
        name,
        password: name,
        active: true,
        ...rights,
    });
    const { apikey } = await octoprint.api(`access/users/${name}/apikey`, {});
    return { admin: octoprint.apiKey, [name]: apikey };
}

/** Which of the secrets a text names. */
export const sees = (text) => Object.values(SECRETS).filter((it) => text.includes(it));

/** A request to OctoPrint's API, from elsewhere; anonymous without a key. */
export function askAs(key, octoprint, path, body) {
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

/** Logs somebody in whose password is the name, and shows the page anew. */
export async function logIn(page, name) {
    await page.evaluate((it) => window.OctoPrint.browser.login(it, it), name);
    await reload(page);
    const username = () =>
        page.evaluate(() =>
            window.OctoPrint.coreui.viewmodels.loginStateViewModel.username(),
        );
    await expect.poll(username, { message: "who is logged in" }).toBe(name);
}
