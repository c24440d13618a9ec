import { AsyncLocalStorage } from "node:async_hooks";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { environment, logs, onWindows, root } from "../paths.mjs";
import { Failure } from "./failure.mjs";
import { spawnGroup } from "./process-group.mjs";

const speaker = new AsyncLocalStorage();

/** The standard output of a program, or null if it cannot be started or fails. */
export async function output(program, args, { cwd = root } = {}) {
    const child = spawnGroup(program, args, {
        cwd,
        env: environment(),
        stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
    });
    return (await ended(child)) === 0 ? text.trim() : null;
}

/** What a program prints, and its errors, whether it fails or not. */
export async function answer(program, args) {
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawnGroup(program, args, { cwd: root, env: environment(), stdio });
    const said = { text: "", errors: "" };
    for (const [key, input] of [
        ["text", child.stdout],
        ["errors", child.stderr],
    ]) {
        input?.setEncoding("utf8").on("data", (chunk) => {
            said[key] += chunk;
        });
    }
    await ended(child);
    return said;
}

/** Cargo's target folder, which can be configured. */
export async function targetFolder() {
    const args = ["metadata", "--no-deps", "--format-version", "1"];
    return JSON.parse(await output("cargo", args)).target_directory;
}

/** Runs a program with its output in a log file, which is reported if it fails. */
export async function logged(program, args, { log, failure, cwd = root, env = {} }) {
    mkdirSync(logs, { recursive: true });
    const file = join(logs, `${log}.log`);
    const handle = openSync(file, "w");
    try {
        const stdio = ["ignore", handle, handle];
        const child = spawnGroup(program, args, { cwd, env: environment(env), stdio });
        if ((await ended(child)) !== 0) {
            throw new Failure(failure, { log: file });
        }
    } finally {
        closeSync(handle);
    }
}

/** Prefixes the output lines of programs shown during `action` with a word. */
export const speakingAs = (word, action) => speaker.run(word, action);

/** Runs a program and shows its output; returns the output and its prefix. */
export async function shown(program, args, { cwd = root, env = {} } = {}) {
    const name = speaker.getStore();
    const say = (line) => console.log(name ? `${name} | ${line}` : line);
    say(`$ ${[program, ...args].join(" ")}`);
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawnGroup(program, args, { cwd, env: environment(env), stdio });
    let text = "";
    for (const input of [child.stdout, child.stderr]) {
        if (!input) continue;
        createInterface({ input }).on("line", (line) => {
            text += `${line}\n`;
            say(line);
        });
    }
    return { code: await ended(child), text, name };
}

/** The full path of a program on PATH, or null. */
export function onPath(program) {
    const endings = onWindows ? (process.env.PATHEXT ?? ".EXE").split(";") : [""];
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
        for (const ending of endings) {
            const file = join(folder, program + ending);
            if (folder && existsSync(file)) {
                return file;
            }
        }
    }
    return null;
}

/** Resolves to the exit code once all output has arrived; -1 if it could not start. */
function ended(child) {
    return new Promise((resolve) => {
        child.once("error", () => resolve(-1));
        child.once("close", (code) => resolve(code ?? -1));
    });
}
