import { spawn } from "node:child_process";
import { once } from "node:events";
import { onWindows } from "../paths.mjs";

const running = new Set();
let watching = false;
let stopRequested = false;
let exitCodeOnStop = 130;

/** Whether a spawned program has not ended yet. */
export const isRunning = (child) => running.has(child);

/** True after the first Ctrl-C. */
export const stopping = () => stopRequested;

/** For scripts that run until Ctrl-C. */
export function stopIsSuccess() {
    exitCodeOnStop = 0;
    watchSignals();
}

/**
 * Spawns a program in its own process group, so that ending it also ends its children. The group
 * is ended with this process, even after a signal or an error.
 */
export function spawnGroup(program, args, options = {}) {
    if (stopRequested) {
        throw new Error("Nothing is started any more after a request to stop.");
    }
    watchSignals();
    const child = spawn(program, args, {
        ...options,
        detached: !onWindows,
        windowsHide: true,
    });
    running.add(child);
    child.once("error", () => running.delete(child));
    child.once("exit", () => {
        signalGroup(child, "SIGKILL");
        running.delete(child);
    });
    return child;
}

/** Asks the group to end, and kills what is left after the grace time. */
export async function endGroup(child, { graceMs = 10_000 } = {}) {
    if (!running.has(child)) {
        return;
    }
    const exit = once(child, "exit");
    signalGroup(child, "SIGTERM");
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
    await exit;
    clearTimeout(timer);
}

function signalGroup(child, signal) {
    if (!child.pid) {
        return;
    }
    if (onWindows) {
        spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
        return;
    }
    try {
        process.kill(-child.pid, signal);
    } catch (error) {
        // The group has already ended.
        if (error.code !== "ESRCH" && error.code !== "EPERM") {
            throw error;
        }
    }
}

function watchSignals() {
    if (watching) {
        return;
    }
    watching = true;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
        process.on(signal, stop);
    }
    if (process.env.npm_lifecycle_event) {
        // A signal to npm ends only the shell between npm and this process.
        const shell = process.ppid;
        setInterval(() => process.ppid !== shell && stop(), 500).unref();
    }
    process.on("exit", () => {
        for (const child of running) {
            signalGroup(child, "SIGKILL");
        }
    });
}

async function stop() {
    if (stopRequested) {
        return;
    }
    stopRequested = true;
    await Promise.all([...running].map((child) => endGroup(child)));
    process.exit(exitCodeOnStop);
}
