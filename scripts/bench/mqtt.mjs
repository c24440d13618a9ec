import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startBroker } from "../octoprint/broker.mjs";
import { cache, venvPython } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installBroker } from "../setup/programs.mjs";
import { heatingPrinter } from "./printers.mjs";
import { cpuSeconds, statusOf } from "./process.mjs";

const script = fileURLToPath(new URL("mqtt.py", import.meta.url));

/** How long OctoPrint is watched, in s. */
const WATCHED = 40;

/** What MQTT publishing costs by itself, and what it adds to OctoPrint. */
export async function benchMqtt() {
    await installBroker();
    const broker = await startBroker({ folder: join(cache, "bench-mqtt") });
    try {
        const args = [script, String(broker.port), String(broker.pid)];
        const printed = await output(venvPython, args);
        if (printed === null) throw new Failure("scripts/bench/mqtt.py failed.");
        const own = printed.split("\n").map((line) => JSON.parse(line));
        const enabled = { mqtt_enabled: true, mqtt_broker_host: "127.0.0.1" };
        const settings = [{}, { ...enabled, mqtt_broker_port: broker.port }];
        return [...own, ...added(await Promise.all(settings.map(watched)))];
    } finally {
        await broker.stop();
    }
}

async function watched(settings, i) {
    const octoprint = await heatingPrinter(`mqtt-${i}`, { settings });
    await sleep(10_000);
    const before = cpuSeconds(octoprint.pid);
    await sleep(1000 * WATCHED);
    const cpu = (1000 * (cpuSeconds(octoprint.pid) - before)) / WATCHED;
    const status = statusOf(octoprint.pid);
    const begun = Date.now();
    await octoprint.stop();
    return {
        memory: `${(Number.parseInt(status.VmRSS, 10) / 1024).toFixed(1)} MB`,
        CPU: `${cpu.toFixed(1)} ms a second`,
        threads: status.Threads,
        "signal handlers": status.SigCgt,
        stopping: `${((Date.now() - begun) / 1000).toFixed(2)} s`,
    };
}

function added([without, withMqtt]) {
    return Object.keys(without).map((label) => ({
        what: `mqtt: OctoPrint's ${label}`,
        where: "5 heaters, no page open; MQTT off / on",
        figure: `${without[label]} / ${withMqtt[label]}`,
    }));
}
