import { join } from "node:path";
import { createInterface } from "node:readline";
import { environment, onWindows, root } from "../paths.mjs";
import { logged, targetFolder } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { spawnGroup } from "../run/process-group.mjs";

/** Compiles the example that predicts after each reading; returns its path. */
export async function buildReplay() {
    console.log("Compiling the calculation ...");
    await logged("cargo", ["build", "--release", "--example", "replay"], {
        log: "replay",
        failure: "The calculation could not be compiled.",
    });
    return join(
        await targetFolder(),
        "release",
        "examples",
        onWindows ? "replay.exe" : "replay",
    );
}

/**
 * The algorithm's prediction after each reading. A reading is sent only after the previous one
 * has been answered, so no answer can depend on later readings.
 */
export async function replay(program, algorithm, readings) {
    const child = spawnGroup(program, ["--algorithm", algorithm], {
        cwd: root,
        env: environment(),
        stdio: ["pipe", "pipe", "inherit"],
    });
    // If the program has ended, the missing answer is reported below.
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
    // Waits until the program has ended.
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
