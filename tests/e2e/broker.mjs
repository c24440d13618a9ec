// A local MQTT broker and its other clients.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { startBroker as start } from "../../scripts/octoprint/broker.mjs";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";
import { addLogFile } from "./failure_logs.mjs";
import { octoprintFolder } from "./octoprint.mjs";

const address = (port) => ["-h", "127.0.0.1", "-p", String(port)];

/**
 * Starts a broker with scripts/octoprint/broker.mjs in its own folder; `settings` are the
 * plugin's settings for it.
 */
export async function startBroker(options) {
    const folder = octoprintFolder("broker");
    const broker = await start({ folder, ...options });
    addLogFile(basename(folder), join(folder, "mosquitto.log"));
    const settings = {
        mqtt_enabled: true,
        mqtt_broker_host: broker.host,
        mqtt_broker_port: broker.port,
    };
    return { ...broker, settings };
}

/** Publishes a message that is not retained. */
export function publish(port, topic, text) {
    const args = [...address(port), "-t", topic, "-m", text];
    return promisify(execFile)("mosquitto_pub", args);
}

/**
 * Subscribes to all topics; `heard` gets the messages, the retained ones first.
 *
 * Fails if published messages do not arrive.
 */
export async function subscribe(port) {
    const args = [...address(port), "-t", "#", "-F", "%j"];
    const child = spawnGroup("mosquitto_sub", args, {
        stdio: ["ignore", "pipe", "inherit"],
    });
    const heard = [];
    const probe = `probe/${randomUUID()}`;
    let isSubscribed = false;
    createInterface(child.stdout).on("line", (line) => {
        const message = parse(line);
        if (message.topic === probe) isSubscribed = true;
        if (!message.topic.startsWith("probe/")) heard.push(message);
    });
    const stop = () => endGroup(child);
    const receives = async () => {
        if (!isSubscribed) await publish(port, probe, "?");
        return isSubscribed;
    };
    try {
        const message = "mosquitto_sub gets messages";
        await expect.poll(receives, { message }).toBe(true);
    } catch (error) {
        await stop();
        throw error;
    }
    return { heard, stop };
}

/** The topics with a retained message, in order. */
export async function retained(port) {
    const { heard, stop } = await subscribe(port);
    await stop();
    return heard
        .filter((it) => it.retained && it.payload !== "")
        .map(({ topic }) => topic)
        .sort();
}

/** Parses JSON objects; other payloads, such as "online", stay strings. */
function parse(line) {
    const { topic, retain, payload } = JSON.parse(line);
    // Null if it is empty.
    const text = payload ?? "";
    const content = text.startsWith("{") ? JSON.parse(text) : text;
    return { topic, retained: retain === 1, payload: content };
}

/** Connects again and again with the client id of a copied OctoPrint. */
export function impersonate(port, id) {
    const args = [...address(port), "-i", id, "-t", "#"];
    const child = spawnGroup("mosquitto_sub", args, { stdio: "ignore" });
    return () => endGroup(child);
}
