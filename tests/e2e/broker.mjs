// A real mosquitto on this machine, and another client that takes somebody's place there.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../../scripts/octoprint/port.mjs";
import { cache } from "../../scripts/paths.mjs";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";
import { findBroker } from "../../scripts/setup/broker.mjs";
import { until } from "./browser.mjs";

const HOST = "127.0.0.1";

/** Starts mosquitto; `anonymous`, everybody is let in, and nobody otherwise. */
export async function startBroker({ port, anonymous = true } = {}) {
    const program = findBroker();
    assert.ok(program, "mosquitto is missing");
    const chosen = port ?? (await freePort());
    const folder = join(cache, "e2e-broker");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "mosquitto.conf");
    writeFileSync(file, `listener ${chosen} ${HOST}\nallow_anonymous ${anonymous}\n`);
    const child = spawnGroup(program, ["-c", file], { stdio: "ignore" });
    await until("broker", () => answers(chosen), 10_000);
    return {
        host: HOST,
        port: chosen,
        stop: () => endGroup(child),
        /** It stands still, and answers nobody. */
        pause: () => child.kill("SIGSTOP"),
        resume: () => child.kill("SIGCONT"),
    };
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

function answers(port) {
    return new Promise((resolve) => {
        const socket = connect(port, HOST, () => resolve(true));
        socket.on("error", () => resolve(false));
        socket.on("connect", () => socket.destroy());
    });
}
