// What anonymous users, read-only users and administrators see and may do.
import { countdown, placements } from "../e2e/browser.mjs";
import { slowBed } from "../e2e/health.mjs";
import {
    addUser,
    ELSEWHERE,
    logIn,
    requestAs,
    SECRETS,
    secretsIn,
} from "../e2e/other_users.mjs";
import { expect, picture, test } from "./versions.mjs";

const COMMANDS = ["reset_settings", "test_mqtt", "renew_mqtt_id"];

const details = { tag: "@partly-2.0.0rc7" };

test.use({ octoprintOptions: slowBed() });

let octoprint;
let keys;

test.beforeAll(async ({ octoprint: started }) => {
    octoprint = started;
    keys = await addUser(octoprint, { name: "reader", groups: ["readonly"] });
});

const request = (who, ...args) => requestAs(keys[who], octoprint, ...args);

/** Checks the page of a user who may only look: it has the ETAs but no controls or secrets. */
async function assertReadOnly(open, name, login) {
    const page = await open({
        headers: ELSEWHERE,
        touched: false,
        // OctoPrint's own page makes requests that such a user may not.
        expected: /40[03] \((FORBIDDEN|BAD)/,
    });
    if (login) await logIn(page, login);
    const { sidebar, navbar } = placements(page, "bed");
    for (const place of [sidebar, navbar]) {
        await countdown(place);
        await expect(place.row).toBeVisible();
    }
    await expect(page.locator("#temperature-table")).toBeHidden();
    await expect(page.locator("#navbar_show_settings")).toBeHidden();
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    expect(secretsIn(html)).toEqual([]);
    await picture(page, name);
}

async function assertRefused(who, refusals) {
    const settings = await (await request(who, "settings")).text();
    expect(settings, "has settings").toContain("temp_eta");
    expect(secretsIn(settings)).toEqual([]);
    for (const command of COMMANDS) {
        const { status } = await request(who, "plugin/temp_eta", { command });
        expect(refusals, command).toContain(status);
    }
    const { mqtt_username } = await octoprint.settings();
    expect(mqtt_username).toBe(SECRETS.mqtt_username);
}

test(
    "A guest sees the ETAs but no secrets, and cannot change anything",
    details,
    async ({ open }) => {
        // OctoPrint may check the CSRF token first.
        await assertRefused("nobody", [400, 403]);
        await assertReadOnly(open, "guest");
    },
);

test(
    "A read-only user sees the ETAs but no secrets, and cannot change anything",
    details,
    async ({ open }) => {
        await assertRefused("reader", [403]);
        const status = await (await request("reader", "plugin/temp_eta")).json();
        expect(status).not.toHaveProperty("refused");
        await assertReadOnly(open, "reader", "reader");
    },
);

test(
    "An administrator can do everything except see the password",
    details,
    async ({ page }) => {
        const text = await (await request("admin", "settings")).text();
        expect(secretsIn(text)).toEqual([
            SECRETS.mqtt_broker_host,
            SECRETS.mqtt_username,
        ]);
        const command = "test_mqtt";
        const tested = await request("admin", "plugin/temp_eta", { command });
        expect(await tested.json()).toEqual({ result: "unknown_host" });
        await countdown(placements(page, "bed").inline);
        await expect(page.locator("#navbar_show_settings")).toBeVisible();
    },
);
