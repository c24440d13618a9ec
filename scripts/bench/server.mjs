import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mean } from "d3-array";
import { startBroker } from "../octoprint/broker.mjs";
import { cache, venvPython } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installBroker } from "../setup/programs.mjs";
import { openPage, withBrowser, withPrinters } from "./browser.mjs";
import { range } from "./report.mjs";

const ROUNDS = 6;
const SECONDS = 10;

/** Measures what the plugin adds to OctoPrint's server while MQTT is off. */
export function benchServer(chrome) {
    // All at the same time. The second one without the plugin shows the noise.
    return withPrinters("server", [{}, null, null], (printers) =>
        withBrowser(chrome, async (browser) => {
            for (const printer of printers) printer.counts = { bytes: 0, ours: 0 };
            // They are busy after their start.
            await sleep(15_000);
            const alone = await watched(printers);
            for (const printer of printers) {
                await openPage(browser, printer, (page) => count(page, printer.counts));
            }
            await sleep(10_000);
            const seen = await watched(printers);
            const { ours } = printers[0].counts;
            return [
                added("server CPU, ms per second: no page open", alone, "cpu", 1),
                added("server CPU, ms per second: a page open", seen, "cpu", 1),
                added("socket, bytes per second: a page open", seen, "bytes", 80),
                {
                    what: "socket messages from the plugin",
                    where: `a page open, MQTT off, ${ROUNDS * SECONDS} s`,
                    figure: String(ours),
                    aim: "none",
                    met: ours === 0,
                    why: "The plugin has sent messages of its own.",
                },
            ];
        }),
    );
}

function count(page, counts) {
    page.on("websocket", (socket) => {
        const add = ({ payload }) => {
            counts.bytes += Buffer.byteLength(payload);
            if (/"plugin": ?"temp_eta"/.test(payload)) counts.ours += 1;
        };
        socket.on("framereceived", add);
        socket.on("framesent", add);
    });
}

/** By printer, what it used in each round: CPU in ms per second, and bytes a second. */
async function watched(printers) {
    const now = () =>
        printers.map(({ pid, counts }) => ({
            cpu: 1000 * cpuSeconds(pid),
            bytes: counts.bytes,
        }));
    const rounds = printers.map(() => ({ cpu: [], bytes: [] }));
    for (let round = 0; round < ROUNDS; round++) {
        const before = now();
        await sleep(1000 * SECONDS);
        for (const [i, after] of now().entries()) {
            for (const [key, all] of Object.entries(rounds[i])) {
                all.push((after[key] - before[i][key]) / SECONDS);
            }
        }
    }
    return rounds;
}

/**
 * Nothing was added if the difference is no larger than that of the two without the plugin, or
 * less than `grain`, the resolution of a round: the kernel counts hundredths of a second, and
 * rounds may differ by one message.
 */
function added(what, [withPlugin, without, again], key, grain) {
    const minus = (one, other) => one[key].map((it, round) => it - other[key][round]);
    const [added, noise] = [minus(withPlugin, without), minus(again, without)];
    const said = (values) => `${mean(values).toFixed(1)} (${range(values)})`;
    return {
        what,
        where: `MQTT off, 5 heaters; mean and range of ${ROUNDS} rounds of ${SECONDS} s`,
        figure: `without ${mean(without[key]).toFixed(1)}; added ${said(added)}, noise ${said(noise)}`,
        aim: "0 within noise",
        met: Math.abs(mean(added)) <= Math.max(grain, ...noise.map(Math.abs)),
        why: "The difference is larger than between two servers without the plugin.",
    };
}

/** What MQTT publishing costs by itself, and what it adds to OctoPrint. */
export async function benchMqtt() {
    await installBroker();
    const broker = await startBroker({ folder: join(cache, "bench-mqtt") });
    try {
        const script = join("scripts", "bench", "mqtt.py");
        const args = [script, String(broker.port), String(broker.pid)];
        const printed = await output(venvPython, args);
        if (printed === null) throw new Failure(`${script} failed.`);
        const own = printed.split("\n").map((line) => JSON.parse(line));
        const on = {
            mqtt_enabled: true,
            mqtt_broker_host: "127.0.0.1",
            mqtt_broker_port: broker.port,
        };
        return [...own, ...(await withPrinters("mqtt", [{}, on], compared))];
    } finally {
        await broker.stop();
    }
}

async function compared(printers) {
    await sleep(10_000);
    const before = printers.map(({ pid }) => cpuSeconds(pid));
    await sleep(4000 * SECONDS);
    const cpu = printers.map(({ pid }, i) => {
        const used = (1000 * (cpuSeconds(pid) - before[i])) / (4 * SECONDS);
        return `${used.toFixed(1)} ms per second`;
    });
    const status = (name) =>
        printers.map(({ pid }) => {
            const text = readFileSync(`/proc/${pid}/status`, "utf8");
            return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)[1]);
        });
    const memory = status("VmRSS").map(
        (kilobytes) => `${Math.round(kilobytes / 1024)} MB`,
    );
    return Object.entries({ memory, CPU: cpu, threads: status("Threads") }).map(
        ([label, [off, on]]) => ({
            what: `mqtt: OctoPrint's ${label}`,
            where: "5 heaters, no page open; MQTT off / on",
            figure: `${off} / ${on}`,
        }),
    );
}

/** CPU seconds of a process so far. */
function cpuSeconds(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}
