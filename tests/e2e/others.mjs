// Those who are not the administrator, and what is to be kept from them.
import { expect } from "@playwright/test";

// Not from here, where everybody is the administrator.
export const ELSEWHERE = { "X-Forwarded-For": "203.0.113.7" };

export const SECRETS = {
    mqtt_broker_host: "broker-of-mine.invalid",
    mqtt_username: "user-of-mine",
    mqtt_password: "password-of-mine",
};

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
    await page.reload();
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
    const username = () =>
        page.evaluate(() =>
            window.OctoPrint.coreui.viewmodels.loginStateViewModel.username(),
        );
    await expect.poll(username, { message: "who is logged in" }).toBe(name);
}
