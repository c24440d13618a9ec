import { replay } from "./replay.mjs";
import { readingsOf } from "./traces.mjs";

/** The compared runs. The first two algorithms do not learn. */
export const RUNS = [
    { title: "Linear", algorithm: "linear", learns: true },
    { title: "Exponential", algorithm: "exponential", learns: true },
    { title: "Adaptive, first time", algorithm: "adaptive", learns: false },
    { title: "Adaptive, learned", algorithm: "adaptive", learns: true },
];

/** Tolerance in s, as near the end a fraction of the remaining time is under a second. */
export const SLACK = 0.5;

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

/** Replays every printer and scores each of its events. */
export async function measured(program, { algorithm, learns }, printers) {
    const events = [];
    for (const printer of printers) {
        const all = learns && (await replay(program, algorithm, printer.readings));
        for (const event of printer.events) {
            const own = () =>
                replay(program, algorithm, readingsOf(event, printer.readings));
            events.push(score(event, all || (await own())));
        }
    }
    return events;
}

/** The figures of one event, over the readings from its start until arrival. */
function score(event, answers) {
    const points = answers
        .filter(
            ({ time, heater }) =>
                heater === event.heater && time >= event.start && time < event.arrival,
        )
        .map(({ time, actual, kind, remaining, interval }) => ({
            time,
            actual,
            left: event.arrival - time,
            // A countdown to another goal does not count.
            remaining: kind === event.kind ? remaining : null,
            interval: kind === event.kind ? interval : null,
        }));
    const duration = points[0].left;
    const shown = points.filter(({ remaining }) => remaining !== null);
    const error = ({ remaining, left }) => Math.abs((remaining ?? 0) - left);
    const within = (point) => error(point) <= WITHIN * point.left + SLACK;
    return {
        event,
        kind: event.kind,
        heater: event.heater,
        points,
        error: mean(shown.map(error)),
        // A missing estimate counts as zero.
        share: mean(points.map(error)) / duration,
        coverage: shown.length / points.length,
        within: shown.filter(within).length / points.length,
        roughness: roughness(points),
        intervals: intervals(points),
    };
}

/** The mean deviation of the countdown's steps from real time, per second. */
function roughness(points) {
    const steps = points.slice(1).flatMap((point, i) => {
        const before = points[i];
        if (point.remaining === null || before.remaining === null) {
            return [];
        }
        const elapsed = point.time - before.time;
        return [Math.abs(point.remaining - before.remaining + elapsed) / elapsed];
    });
    return mean(steps);
}

/** The fraction of the 80 % intervals that contain the truth. */
function intervals(points) {
    const given = points.filter(({ interval }) => interval);
    const holds = ({ left, interval: [low, high] }) =>
        low - SLACK <= left && left <= high + SLACK;
    return mean(given.map((point) => (holds(point) ? 1 : 0)));
}

/** The mean, or null of no numbers. */
export function mean(numbers) {
    return numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : null;
}
