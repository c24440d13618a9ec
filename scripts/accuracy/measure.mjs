import { readFileSync } from "node:fs";
import { mean } from "d3-array";
import { DEGRADATIONS, degraded } from "./degraded.mjs";
import { replay } from "./replay.mjs";
import { readingsOf } from "./traces.mjs";

const table = JSON.parse(
    readFileSync(new URL("../../src/settings.json", import.meta.url), "utf8"),
);

/** The algorithm that learns. */
const LEARNER = "adaptive";

/** The compared runs: each algorithm, and the one that learns also without having learned. */
const RUNS = table.algorithm.options.flatMap((algorithm) => {
    const title = algorithm[0].toUpperCase() + algorithm.slice(1);
    const run = { title, algorithm, learns: true };
    if (algorithm !== LEARNER) return [run];
    return [
        { ...run, title: `${title}, first time`, learns: false },
        { ...run, title: `${title}, learned` },
    ];
});

/** Kinds of events, which differ in their errors. */
export const GROUPS = ["Hotend, heating", "Bed, heating", "Cooling"];

/** Tolerance in s, as near the end a fraction of the remaining time is under a second. */
const SLACK = 0.5;

/** A prediction is good if its error is under this fraction of the remaining time. */
export const WITHIN = 0.2;

/** Measures all runs. */
export async function measuredRuns(program, printers) {
    const runs = [];
    for (const run of RUNS) {
        runs.push({ ...run, events: await measured(program, run, printers) });
    }
    return runs;
}

/**
 * Measures all runs in which all events of a printer are replayed, with the readings as recorded and
 * with each of the degradations.
 */
export async function degradedRuns(program, printers, runs) {
    const whole = runs.filter(({ learns }) => learns);
    const rows = [{ name: "As recorded", runs: whole }];
    for (const name of Object.keys(DEGRADATIONS)) {
        const copies = printers.map(({ readings, events }) => ({
            readings: degraded(name, events[0].printer, readings),
            events,
        }));
        const ofName = [];
        for (const run of whole) {
            ofName.push({ ...run, events: await measured(program, run, copies) });
        }
        rows.push({ name, runs: ofName });
    }
    return rows;
}

/** Replays every printer and scores each of its events. */
export async function measured(program, { algorithm, learns }, printers) {
    const scored = [];
    for (const { readings, events } of printers) {
        const all = learns && (await replay(program, algorithm, readings));
        for (const event of events) {
            const own = () => replay(program, algorithm, readingsOf(event, readings));
            scored.push(score(event, all || (await own())));
        }
    }
    return scored;
}

/** The figures of one event, over the readings from its start until arrival. */
function score(event, answers) {
    const { heater, kind, start, arrival } = event;
    const points = answers
        .filter((it) => it.heater === heater && it.time >= start && it.time < arrival)
        .map(({ time, actual, ...answer }) => ({
            time,
            actual,
            left: arrival - time,
            // A countdown to another goal does not count.
            remaining: answer.kind === kind ? answer.remaining : null,
            interval: answer.kind === kind ? answer.interval : null,
        }));
    const shown = points.filter(({ remaining }) => remaining !== null);
    // A missing estimate counts as zero.
    const error = ({ remaining, left }) => Math.abs((remaining ?? 0) - left);
    const good = shown.filter((it) => error(it) <= WITHIN * it.left + SLACK);
    const [hotend, bed, cooling] = GROUPS;
    const heating = heater === "bed" ? bed : hotend;
    return {
        ...event,
        group: kind === "heating" ? heating : cooling,
        points,
        error: mean(shown, error),
        share: mean(points, error) / points[0].left,
        coverage: shown.length / points.length,
        within: good.length / points.length,
        roughness: mean(points.slice(1), (it, i) => roughness(points[i], it)),
        intervals: mean(points, holds),
    };
}

/** The deviation of a countdown's step from real time, per second. */
function roughness(before, { time, remaining }) {
    if (remaining === null || before.remaining === null) return null;
    const elapsed = time - before.time;
    return Math.abs(remaining - before.remaining + elapsed) / elapsed;
}

/** Whether an interval contains the truth, as 1 or 0. */
function holds({ left, interval }) {
    if (!interval) return null;
    const [low, high] = interval;
    return low - SLACK <= left && left <= high + SLACK ? 1 : 0;
}

/**
 * The mean error in each of several parts of the events' time, as a share of their duration. Each
 * event counts the same, however often its printer reports; none in a part without a reading.
 */
export function errorsOverTime(events, parts) {
    const ofEvents = events.map(({ points }) => {
        const duration = points[0].left;
        const errors = Array.from({ length: parts }, () => []);
        for (const { left, remaining } of points) {
            const part = Math.min(Math.floor(parts * (1 - left / duration)), parts - 1);
            errors[part].push(Math.abs((remaining ?? 0) - left) / duration);
        }
        return errors.map((it) => mean(it));
    });
    return Array.from(
        { length: parts },
        (_, part) => mean(ofEvents, (it) => it[part]) ?? null,
    );
}
