import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { max, quantile } from "d3-array";
import { moods, startHostileBroker } from "../../tests/hostile/broker.mjs";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache, root } from "../paths.mjs";
import { cpuTime, status } from "../run/process-figures.mjs";
import { list } from "./report.mjs";
import { withBroker } from "./server.mjs";

const timer = join(root, "tests", "callback_timer");

/** Measurements for each mood, of 500 calls each. */
const ROUNDS = 4;

/** What OctoPrint notices of a broker that is slow, silent, or sends too much. */
export function benchHostile() {
    return withBroker(async (broker) => {
        const hostile = await startHostileBroker(broker.port);
        const octoprint = await startOctoPrint({
            basedir: join(cache, "bench-hostile"),
            heat: { tool0: 210, bed: 90 },
            plugins: [timer],
        });
        try {
            const rows = [];
            for (const mood of moods) {
                hostile.become(mood);
                // Switched off and on, it connects at once.
                await octoprint.configure({ mqtt_enabled: false });
                const connections = hostile.connections();
                await octoprint.configure({
                    mqtt_enabled: true,
                    mqtt_broker_host: "127.0.0.1",
                    mqtt_broker_port: hostile.port,
                });
                while (hostile.connections() === connections) await sleep(100);
                rows.push(...(await measured(octoprint, mood)));
            }
            return rows;
        } finally {
            await octoprint.stop();
            await hostile.stop();
        }
    });
}

async function measured(octoprint, mood) {
    const { pid } = octoprint;
    const memory = (name) => Number(status(pid, name)) / 1024;
    // Forgets the peak.
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    const before = memory("VmRSS");
    const begun = { cpu: cpuTime(pid), at: performance.now() };
    const times = [];
    const late = [];
    for (let round = 0; round < ROUNDS; round++) {
        const found = await octoprint.api("plugin/callback_timer");
        times.push(...found.times);
        late.push(...found.late);
    }
    const perSecond =
        (1000 * (cpuTime(pid) - begun.cpu)) / (performance.now() - begun.at);
    const { server } = await octoprint.api("plugin/temp_eta");
    const p99 = 1000 * quantile(times, 0.99);
    const worst = 1000 * max(late);
    const where = `${mood} broker (${server.state}), ${times.length} calls from two threads`;
    return [
        {
            what: "mqtt: OctoPrint's callback",
            where,
            figure: `p50 ${list([1000 * quantile(times, 0.5)], 2)} ms, p99 ${list([p99], 2)} ms`,
            aim: "p99 under 1 ms",
            met: p99 < 1,
            why: "Python changes between threads every 5 ms.",
        },
        {
            what: "mqtt: OctoPrint's other threads",
            where: `${mood} broker`,
            figure:
                `at most ${list([worst], 0)} ms late; CPU ${list([perSecond], 0)} ms per second; ` +
                `memory ${list([before, memory("VmHWM")], 0)} MB, before / at most`,
            aim: "under 100 ms",
            met: worst < 100,
            why: "Python changes between threads every 5 ms, and others are busy as well.",
        },
    ];
}
