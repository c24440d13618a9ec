// A broker on this machine, and what its other clients do.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { startBroker as start } from "../../scripts/octoprint/broker.mjs";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";
import { octoprintFolder } from "./octoprint.mjs";
import { hearLog } from "./why.mjs";

const address = (port) => ["-h", "127.0.0.1", "-p", String(port)];

/**
 * A broker, as scripts/octoprint/broker.mjs starts it, in a folder of its own; `settings` are
 * those with which the plugin publishes there.
 */
export async function startBroker(options) {
    const folder = octoprintFolder("broker");
    const broker = await start({ folder, ...options });
    hearLog(basename(folder), join(folder, "mosquitto.log"));
    const settings = {
        mqtt_enabled: true,
        mqtt_broker_host: broker.host,
        mqtt_broker_port: broker.port,
    };
    return { ...broker, settings };
}

/** Somebody publishes; the broker keeps nothing of it. */
export function publish(port, topic, text) {
    const args = [...address(port), "-t", topic, "-m", text];
    return promisify(execFile)("mosquitto_pub", args);
}

/**
 * Somebody who hears everything, what the broker keeps first; `heard` grows.
 *
 * Fails if it does not hear what is published.
 */
export async function subscribe(port) {
    const args = [...address(port), "-t", "#", "-F", "%j"];
    const child = spawnGroup("mosquitto_sub", args, {
        stdio: ["ignore", "pipe", "inherit"],
    });
    const heard = [];
    const probe = `probe/${randomUUID()}`;
    let isThere = false;
    createInterface(child.stdout).on("line", (line) => {
        const message = parsed(line);
        if (message.topic === probe) isThere = true;
        if (!message.topic.startsWith("probe/")) heard.push(message);
    });
    const stop = () => endGroup(child);
    const hears = async () => {
        if (!isThere) await publish(port, probe, "?");
        return isThere;
    };
    try {
        const message = "mosquitto_sub hears what is published";
        await expect.poll(hears, { message }).toBe(true);
    } catch (error) {
        await stop();
        throw error;
    }
    return { heard, stop };
}

/** What is no object of JSON, such as "online", stays a text. */
function parsed(line) {
    const { topic, retain, payload } = JSON.parse(line);
    // An empty one is null.
    const text = payload ?? "";
    const said = text.startsWith("{") ? JSON.parse(text) : text;
    return { topic, retained: retain === 1, payload: said };
}

/** Connects as `id`, again and again, as the copy of an OctoPrint does. */
export function impersonate(port, id) {
    const args = [...address(port), "-i", id, "-t", "#"];
    const child = spawnGroup("mosquitto_sub", args, { stdio: "ignore" });
    return () => endGroup(child);
}
