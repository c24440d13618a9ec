import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startBroker } from "../octoprint/broker.mjs";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { installBroker } from "../setup/broker.mjs";

const script = fileURLToPath(new URL("relay.py", import.meta.url));

/** How long OctoPrint is watched, in s. */
const WATCHED = 60;

/** What the relay costs by itself, and what it adds to OctoPrint. */
export async function benchRelay() {
    await installBroker();
    const broker = await startBroker({ folder: join(cache, "bench-relay") });
    try {
        await shown(venvPython, [script, String(broker.port), String(broker.pid)]);
        const without = await watched({});
        const mqtt = { mqtt_enabled: true, mqtt_broker_host: "127.0.0.1" };
        const with_ = await watched({ ...mqtt, mqtt_broker_port: broker.port });
        console.log(`\nOctoPrint, five heaters warm up for ${WATCHED} s, no browser:\n`);
        for (const [label, unit] of [
            ["memory", "MB"],
            ["CPU", "s"],
            ["threads", ""],
            ["signal handlers", ""],
            ["stopping", "s"],
        ]) {
            const values = [without, with_].map((it) => `${it[label]} ${unit}`.trim());
            console.log(
                `${label.padEnd(18)}${values[0].padStart(20)}${values[1].padStart(20)}`,
            );
        }
    } finally {
        await broker.stop();
    }
}

async function watched(settings) {
    const octoprint = await startOctoPrint({
        basedir: join(cache, "bench-relay-octoprint"),
        heat: { tool0: 210, bed: 90, chamber: 60 },
        config: { plugins: { temp_eta: settings } },
    });
    await sleep(10_000);
    const before = cpuSeconds(octoprint.pid);
    await sleep(1000 * WATCHED);
    const status = statusOf(octoprint.pid);
    const figures = {
        memory: (Number.parseInt(status.VmRSS, 10) / 1024).toFixed(1),
        CPU: (cpuSeconds(octoprint.pid) - before).toFixed(2),
        threads: status.Threads,
        "signal handlers": status.SigCgt,
    };
    const begun = Date.now();
    await octoprint.stop();
    return { ...figures, stopping: ((Date.now() - begun) / 1000).toFixed(2) };
}

function statusOf(pid) {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    return Object.fromEntries(
        lines.map((line) => line.split(":").map((part) => part.trim())),
    );
}

/** Of the process so far; the kernel counts hundredths. */
function cpuSeconds(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}
