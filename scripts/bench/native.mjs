import { readFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { ALGORITHMS, MANY } from "./measure.mjs";
import { TIMED } from "./messages.mjs";

/** Duration of each benchmark in s. */
const TIMES = ["--warm-up-time", "0.3", "--measurement-time", "1", "--sample-size", "20"];

/**
 * The times of benches/update.rs in µs per message, by the names of measure.mjs; estimates are for
 * one heater. `remaining` is the sum of the remaining times at the end, by number of heaters.
 */
export async function native() {
    const printed = await output("cargo", ["bench", "--bench", "update", "--", ...TIMES]);
    if (printed === null) throw new Failure("`cargo bench` failed.");
    const metadata = await output(
        "cargo",
        "metadata --no-deps --format-version 1".split(" "),
    );
    const folder = join(JSON.parse(metadata).target_directory, "criterion");
    const microseconds = (...names) => {
        const file = join(folder, ...names, "new", "estimates.json");
        return JSON.parse(readFileSync(file, "utf8")).median.point_estimate / 1000;
    };
    const times = {};
    for (const many of MANY) {
        for (const [name, bench] of [
            ["ingest", "ingest"],
            ["snapshot", "snapshot"],
            ["both", "ingest + snapshot"],
        ]) {
            times[`${name} ${many}`] = microseconds(`${many} heaters`, bench) / TIMED;
        }
    }
    for (const name of ALGORITHMS) {
        times[`estimate 1 ${name}`] = microseconds("estimate", name);
    }
    const ends = [...printed.matchAll(/^in the end: (\S+) s$/gm)];
    return { times, remaining: ends.map(([, seconds]) => Number(seconds)) };
}
