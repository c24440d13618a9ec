import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { findPython } from "../setup/prerequisites.mjs";

// Ten times as many traces, too many for the repository, and their own scorer.
const scorer = resolve(root, "..", "shared", "bench", "score.py");

const RUNS = [
    { algorithm: "linear", source: "real", mode: "session" },
    { algorithm: "exponential", source: "real", mode: "session" },
    { algorithm: "adaptive", source: "real", mode: "cold" },
    { algorithm: "adaptive", source: "real", mode: "session" },
    { algorithm: "adaptive", source: "sim", mode: "cold" },
    { algorithm: "adaptive", source: "sim", mode: "session" },
];

/** Measures with the large collection as well, if it lies beside the checkout. */
export async function runScorer(program) {
    if (!existsSync(scorer)) {
        return;
    }
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
