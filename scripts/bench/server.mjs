import { setTimeout as sleep } from "node:timers/promises";
import { browserFlags } from "../setup/programs.mjs";
import { mean, range } from "./numbers.mjs";
import { heatingPrinter } from "./printers.mjs";
import { cpuSeconds } from "./process.mjs";

const ROUNDS = 6;
const SECONDS = 10;

/** All measured at the same time. The second one without the plugin shows the noise. */
const PRINTERS = { with: true, without: false, again: false };

/** Measures what the plugin adds to OctoPrint's server while MQTT is off. */
export async function benchServer(chrome) {
    const { chromium } = await import("@playwright/test");
    const printers = [];
    const browser = await chromium.launch({ executablePath: chrome, args: browserFlags });
    try {
        for (const [name, plugin] of Object.entries(PRINTERS)) {
            const printer = await heatingPrinter(`server-${name}`, { plugin });
            printers.push({ ...printer, counts: { bytes: 0, ours: 0 } });
        }
        // They are busy after their start.
        await sleep(15_000);
        const alone = await watched(printers);
        for (const printer of printers) await open(browser, printer);
        await sleep(10_000);
        const seen = await watched(printers);
        return [
            cpu("no page open", alone),
            cpu("a page open", seen),
            bytes(seen),
            {
                what: "socket messages from the plugin",
                where: `a page open, MQTT off, ${ROUNDS * SECONDS} s`,
                figure: String(printers[0].counts.ours),
                aim: "none",
                met: printers[0].counts.ours === 0,
                why: "The plugin has sent messages of its own.",
            },
        ];
    } finally {
        await browser.close();
        for (const printer of printers) await printer.stop();
    }
}

/** Opens a page in its own context, as hidden pages get fewer messages. */
async function open(browser, { url, counts }) {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("websocket", (socket) => {
        const count = ({ payload }) => {
            counts.bytes += Buffer.byteLength(payload);
            if (/"plugin": ?"temp_eta"/.test(payload)) counts.ours += 1;
        };
        socket.on("framereceived", count);
        socket.on("framesent", count);
    });
    await page.goto(url);
    await page.waitForFunction(() => window.OctoPrint?.coreui?.startedUp);
}

/** By printer and round: CPU in ms per second, and bytes a second. */
async function watched(printers) {
    const rounds = printers.map(() => ({ cpu: [], bytes: [] }));
    for (let round = 0; round < ROUNDS; round++) {
        const before = printers.map(counters);
        await sleep(1000 * SECONDS);
        const after = printers.map(counters);
        for (const [i, { cpu, bytes }] of rounds.entries()) {
            cpu.push((1000 * (after[i].cpu - before[i].cpu)) / SECONDS);
            bytes.push((after[i].bytes - before[i].bytes) / SECONDS);
        }
    }
    return rounds;
}

function counters({ pid, counts }) {
    return { cpu: cpuSeconds(pid), bytes: counts.bytes };
}

/** The kernel counts hundredths of a second. */
function cpu(where, rounds) {
    return compared(
        `server CPU, ms per second: ${where}`,
        rounds,
        "cpu",
        1,
        10 / SECONDS,
    );
}

/** Size of an OctoPrint message in bytes; rounds may differ by one message. */
const MESSAGE = 800;

function bytes(rounds) {
    return compared(
        "socket, bytes per second: a page open",
        rounds,
        "bytes",
        0,
        MESSAGE / SECONDS,
    );
}

/**
 * Nothing was added if the difference is no larger than that of the two without the plugin, or
 * less than `grain`, the resolution of a round.
 */
function compared(what, [withPlugin, without, again], key, digits, grain) {
    const minus = (one, other) => one[key].map((it, round) => it - other[key][round]);
    const [added, noise] = [minus(withPlugin, without), minus(again, without)];
    const said = (values) => `${mean(values).toFixed(digits)} (${range(values, digits)})`;
    const most = Math.max(grain, ...noise.map(Math.abs));
    return {
        what,
        where: `MQTT off, 5 heaters; mean and range of ${ROUNDS} rounds of ${SECONDS} s`,
        figure:
            `with ${mean(withPlugin[key]).toFixed(digits)}, ` +
            `without ${mean(without[key]).toFixed(digits)}; ` +
            `added ${said(added)}, noise ${said(noise)}`,
        aim: "0 within noise",
        met: Math.abs(mean(added)) <= most,
        why: "The difference is larger than between two servers without the plugin.",
    };
}
