import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBroker } from "../octoprint/broker.mjs";
import { cache, venvPython } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { cpuTime, status } from "../run/process-figures.mjs";
import { installBroker } from "../setup/programs.mjs";
import { openPage, withBrowser, withPrinters } from "./browser.mjs";
import { list } from "./report.mjs";

/** Duration of a measurement in s. */
const SECONDS = 60;

/** Compares OctoPrint without the plugin, with it, and with MQTT publishing. */
export function benchServer(chrome) {
    return withBroker(({ port }) => {
        const mqtt = {
            mqtt_enabled: true,
            mqtt_broker_host: "127.0.0.1",
            mqtt_broker_port: port,
        };
        return withPrinters("server", [null, {}, mqtt], (printers) =>
            withBrowser(chrome, (browser) => compare(printers, browser)),
        );
    });
}

async function compare(printers, browser) {
    for (const printer of printers) printer.counts = { bytes: 0, ours: 0 };
    // They are busy after their start.
    await sleep(15_000);
    const alone = await spent(printers);
    for (const printer of printers) {
        await openPage(browser, printer, (page) => count(page, printer.counts));
    }
    await sleep(10_000);
    const seen = await spent(printers);
    const figures = (name) => printers.map(({ pid }) => Number(status(pid, name)));
    const row = (what, numbers, unit, digits = 0) => ({
        what: `OctoPrint's ${what}`,
        where: "5 heaters; without the plugin / with it / with MQTT publishing",
        figure: `${list(numbers, digits)} ${unit}`,
    });
    const { ours } = printers[1].counts;
    return [
        row("CPU time, no page open", alone.cpu, "ms per second", 1),
        row("CPU time, a page open", seen.cpu, "ms per second", 1),
        row("socket, a page open", seen.bytes, "bytes per second"),
        row(
            "memory",
            figures("VmRSS").map((it) => it / 1024),
            "MB",
        ),
        row("threads", figures("Threads"), ""),
        {
            what: "socket messages from the plugin",
            where: `a page open, MQTT off, ${SECONDS} s`,
            figure: String(ours),
            aim: "none",
            met: ours === 0,
            why: "The plugin has sent messages of its own.",
        },
    ];
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

/** What the servers use at the same time: CPU in ms per second, and bytes per second. */
async function spent(printers) {
    const now = () =>
        printers.map(({ pid, counts }) => ({ cpu: cpuTime(pid), bytes: counts.bytes }));
    const before = now();
    await sleep(1000 * SECONDS);
    const after = now();
    const rates = (key) => after.map((it, i) => (it[key] - before[i][key]) / SECONDS);
    return { cpu: rates("cpu"), bytes: rates("bytes") };
}

/** What the parts of MQTT publishing cost by themselves. */
export function benchMqtt() {
    return withBroker(async ({ port, pid }) => {
        const script = join("scripts", "bench", "mqtt.py");
        const printed = await output(venvPython, [script, String(port), String(pid)]);
        if (printed === null) throw new Failure(`${script} failed.`);
        return printed.split("\n").map((line) => JSON.parse(line));
    });
}

export async function withBroker(work) {
    await installBroker();
    const broker = await startBroker({ folder: join(cache, "bench-mqtt") });
    try {
        return await work(broker);
    } finally {
        await broker.stop();
    }
}
