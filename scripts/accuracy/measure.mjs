import { replay } from "./replay.mjs";
import { readingsOf } from "./traces.mjs";

/** What is compared. The first two learn nothing, so it does not matter what they saw. */
export const RUNS = [
    { title: "Linear", algorithm: "linear", learns: true },
    { title: "Exponential", algorithm: "exponential", learns: true },
    { title: "Adaptive, first time", algorithm: "adaptive", learns: false },
    { title: "Adaptive, learned", algorithm: "adaptive", learns: true },
];

/**
 * Seconds. Near the end a share of the time that is left is less than a countdown in whole
 * seconds can show.
 */
export const SLACK = 0.5;

/** A prediction that is off by less than this share of the time that is left is good. */
export const WITHIN = 0.2;

/** Measures all that is compared. */
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

/** The figures of one event, over the readings from its start until the heater arrives. */
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
            // A countdown to somewhere else is none.
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
        // Without an estimate the error is all that is left: the estimate counts as zero.
        share: mean(points.map(error)) / duration,
        coverage: shown.length / points.length,
        within: shown.filter(within).length / points.length,
        roughness: roughness(points),
        intervals: intervals(points),
    };
}

/** By how much the countdown strays from a second a second, per second. */
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

/** The share of the 80 % intervals that the truth lies in. */
function intervals(points) {
    const given = points.filter(({ interval }) => interval);
    const holds = ({ left, interval: [low, high] }) =>
        low - SLACK <= left && left <= high + SLACK;
    return mean(given.map((point) => (holds(point) ? 1 : 0)));
}

/** Null if there is nothing. */
export function mean(numbers) {
    return numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : null;
}
