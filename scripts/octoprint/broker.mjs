import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";
import { endGroup, isRunning, spawnGroup } from "../run/process-group.mjs";
import { until } from "../run/until.mjs";
import { findBroker } from "../setup/programs.mjs";
import { freePort } from "./port.mjs";

const HOST = "127.0.0.1";

/** Longest time until Mosquitto listens, in ms. */
const START_TIMEOUT = 240_000;

/**
 * Starts Mosquitto on this machine and waits until it listens.
 *
 * @param {object} options
 * @param {number} [options.port] A free one if not given.
 * @param {boolean} [options.anonymous] Whether all clients are accepted, or none.
 * @param {string} options.folder For its configuration and log; emptied first. Not
 *     shared by brokers that run at the same time.
 * @returns {Promise<{host: string, port: number, pid: number,
 *     stop: () => Promise<void>, pause: () => void, resume: () => void}>}
 *     while paused, it does not respond
 */
export async function startBroker({ port, anonymous = true, folder }) {
    const program = findBroker();
    if (!program) throw new Failure("mosquitto is missing.");
    const chosen = port ?? (await freePort());
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "mosquitto.conf");
    writeFileSync(file, `listener ${chosen} ${HOST}\nallow_anonymous ${anonymous}\n`);
    const log = join(folder, "mosquitto.log");
    const handle = openSync(log, "a");
    const child = spawnGroup(program, ["-c", file], {
        stdio: ["ignore", handle, handle],
    });
    closeSync(handle);
    const failure = new Failure("mosquitto does not listen.", { log });
    const listening = () => {
        if (!isRunning(child)) throw failure;
        return listens(chosen);
    };
    try {
        await until(listening, { timeoutMs: START_TIMEOUT, failure });
    } catch (error) {
        await endGroup(child);
        throw error;
    }
    return {
        host: HOST,
        port: chosen,
        pid: child.pid,
        stop: () => endGroup(child),
        pause: () => child.kill("SIGSTOP"),
        resume: () => child.kill("SIGCONT"),
    };
}

function listens(port) {
    return new Promise((resolve) => {
        const socket = connect(port, HOST, () => resolve(true));
        socket.on("error", () => resolve(false));
        socket.on("connect", () => socket.destroy());
    });
}
