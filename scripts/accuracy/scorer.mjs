import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { findPython } from "../setup/prerequisites.mjs";

/** A program that replays and scores a collection that is too large for the repository. */
const scorer = process.env.TEMP_ETA_SCORER;

const RUNS = [
    { algorithm: "linear", source: "real", mode: "session" },
    { algorithm: "exponential", source: "real", mode: "session" },
    { algorithm: "adaptive", source: "real", mode: "cold" },
    { algorithm: "adaptive", source: "real", mode: "session" },
    { algorithm: "adaptive", source: "sim", mode: "cold" },
    { algorithm: "adaptive", source: "sim", mode: "session" },
];

/** Measures with the larger collection as well, if it is available. */
export async function runScorer(program) {
    if (!scorer) return;
    const python = await findPython();
    // The scorer splits the command as a shell does.
    const command = `"${program.replaceAll("\\", "/")}" --algorithm`;
    for (const { algorithm, source, mode } of RUNS) {
        const { code } = await shown(python, [
            scorer,
            ...["--name", algorithm, "--source", source, "--mode", mode],
            ...["--cmd", `${command} ${algorithm}`],
        ]);
        if (code !== 0) {
            throw new Failure(`The scorer failed for ${algorithm} (${source}, ${mode}).`);
        }
    }
}
