// A broker on this machine, and what its other clients do.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { startBroker as start } from "../../scripts/octoprint/broker.mjs";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";
import { octoprintFolder } from "./octoprint.mjs";
import { hearLog } from "./why.mjs";

const HOST = "127.0.0.1";
const address = (port) => ["-h", HOST, "-p", String(port)];

/** A broker, as scripts/octoprint/broker.mjs starts it, in a folder of its own. */
export async function startBroker(options) {
    const folder = octoprintFolder("broker");
    const broker = await start({ folder, ...options });
    hearLog("mosquitto.log", join(folder, "mosquitto.log"));
    return broker;
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
        stdio: ["ignore", "pipe", "pipe"],
    });
    const heard = [];
    const probe = `probe/${randomUUID()}`;
    let isThere = false;
    let trouble = "";
    let rest = "";
    child.on("error", (error) => {
        trouble += error.message;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
        trouble += chunk;
    });
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop();
        for (const line of lines) {
            const message = parsed(line);
            if (message.topic === probe) isThere = true;
            if (!message.topic.startsWith("probe/")) heard.push(message);
        }
    });
    const stop = () => endGroup(child);
    try {
        await expect
            .poll(
                async () => {
                    if (!isThere) await publish(port, probe, "?");
                    return trouble || isThere;
                },
                { message: "mosquitto_sub hears what is published" },
            )
            .toBe(true);
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
    const name = Buffer.from(id);
    const head = [0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 60, 0, name.length];
    const hello = Buffer.from([0x10, head.length + name.length, ...head, ...name]);
    let socket;
    let timer;
    let stopped = false;
    const enter = () => {
        socket = connect(port, HOST, () => socket.write(hello));
        socket.on("error", () => {});
        // What is not read is not seen to end.
        socket.resume();
        socket.on("close", () => {
            if (!stopped) timer = setTimeout(enter, 300);
        });
    };
    enter();
    return () => {
        stopped = true;
        clearTimeout(timer);
        socket.destroy();
    };
}
