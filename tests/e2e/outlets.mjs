// What other plugins and OctoPrint's Event Manager see of the outlets.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

/** A plugin that records it. */
export const probe = fileURLToPath(new URL("../outlet_probe", import.meta.url));

/** The last of a list of seen things that `matches`, once there is one. */
export async function seen(octoprint, what, matches) {
    let found;
    const look = async () => {
        found = (await probed(octoprint))[what].findLast(matches);
        return found !== undefined;
    };
    await expect.poll(look, { message: `${what} ${matches}` }).toBe(true);
    return found;
}

/** The switches of all outlets. */
export const outlets = (are) =>
    Object.fromEntries(
        ["events", "rest", "display", "mqtt"].map((name) => [`${name}_enabled`, are]),
    );

export const probed = (octoprint) => octoprint.api("plugin/outlet_probe");

export const etas = async (octoprint) => (await octoprint.api("plugin/temp_eta")).etas;

/** Waits for an event; resolves to its payload. */
export async function event(octoprint, name, heater) {
    const matches = ([event, payload]) =>
        event === `plugin_temp_eta_${name}` && payload.heater === heater;
    return (await seen(octoprint, "events", matches))[1];
}

/** Waits until nothing is left of the calculation on the server. */
export function gone(octoprint) {
    const left = async () => {
        const { threads, callbacks } = await probed(octoprint);
        return { threads, callbacks };
    };
    return expect.poll(left).toEqual({ threads: [], callbacks: 0 });
}

/** The first block of code in a language below a heading of a page in docs/. */
export function documented(page, heading, language) {
    const file = new URL(`../../docs/${page}`, import.meta.url);
    const [, below] = readFileSync(file, "utf8").split(`# ${heading}\n`);
    return below.split(`\`\`\`${language}\n`)[1].split("\n```")[0];
}
