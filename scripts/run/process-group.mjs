import { spawn } from "node:child_process";
import { once } from "node:events";
import { onWindows } from "../paths.mjs";

const running = new Set();
let watching = false;
let stopRequested = false;
let exitCodeOnStop = 130;

/** True from the first Ctrl-C on. */
export const stopping = () => stopRequested;

/** For a script that has no other end than Ctrl-C. */
export function stopIsSuccess() {
    exitCodeOnStop = 0;
    watchSignals();
}

/**
 * Spawns a program in a process group of its own, so that ending it also ends whatever
 * it started. Nothing outlives this process: neither after a signal nor after an error.
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

/** Asks the group to end and kills what is left of it after the grace time. */
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
        // The whole group is gone already.
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
        // A signal to npm ends the shell between npm and us, and does not reach us.
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
