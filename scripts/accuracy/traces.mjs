import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

const folder = join(root, "tests", "data", "traces");

// Readings this long before and after an event belong to it, in seconds.
const LEAD = 60;
const TAIL = 30;

/** The readings of all printers, as the lines of their files, and their events. */
export function readTraces() {
    const printers = new Map();
    for (const event of JSON.parse(readFileSync(join(folder, "index.json"), "utf8"))) {
        if (!printers.has(event.printer)) {
            printers.set(event.printer, { readings: readings(event.file), events: [] });
        }
        printers.get(event.printer).events.push(event);
    }
    return [...printers.values()];
}

/** The readings of one event. */
export function readingsOf({ heater, start, arrival }, readings) {
    return readings.filter(
        (reading) =>
            reading.heater === heater &&
            reading.time >= start - LEAD &&
            reading.time < arrival + TAIL,
    );
}

function readings(file) {
    const [, ...lines] = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
    return lines.map((line) => {
        const [time, heater, actual, target] = line.split(",");
        return { line, time: Number(time), heater, actual: Number(actual), target };
    });
}
