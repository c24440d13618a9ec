import { join } from "node:path";
import { createInterface } from "node:readline";
import { environment, onWindows, root } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { spawnGroup } from "../run/process-group.mjs";

/** Compiles the example that answers readings; returns its path. */
export async function buildReplay() {
    console.log("Compiling the calculation ...");
    await logged("cargo", ["build", "--release", "--example", "replay"], {
        log: "replay",
        failure: "The calculation could not be compiled.",
    });
    // The folder may have been moved, by a variable or by a configuration file.
    const args = ["metadata", "--no-deps", "--format-version", "1"];
    const folder = JSON.parse(await output("cargo", args)).target_directory;
    return join(folder, "release", "examples", onWindows ? "replay.exe" : "replay");
}

/**
 * What the algorithm says after each reading. In lock-step: a reading is sent only after
 * the one before it has been answered, so no answer can know what comes next.
 */
export async function replay(program, algorithm, readings) {
    const child = spawnGroup(program, ["--algorithm", algorithm], {
        cwd: root,
        env: environment(),
        stdio: ["pipe", "pipe", "inherit"],
    });
    // A program that has ended reads nothing more: the missing answer tells.
    child.stdin.on("error", () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answers = [];
    for (const { line, actual } of readings) {
        child.stdin.write(`${line}\n`);
        const { value, done } = await lines.next();
        if (done) {
            throw new Failure(`replay did not answer "${line}".`);
        }
        answers.push({ ...answer(value), actual });
    }
    child.stdin.end();
    // Its output ends when it has ended.
    await lines.next();
    return answers;
}

function answer(line) {
    const [time, heater, kind, remaining, low, high] = line.split(",");
    const number = (text) => (text ? Number(text) : null);
    return {
        time: Number(time),
        heater,
        kind,
        remaining: number(remaining),
        interval: low ? [number(low), number(high)] : null,
    };
}
