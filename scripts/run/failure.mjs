import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logs } from "../paths.mjs";
import { stopping } from "./process-group.mjs";

/** An error that is explained to the user in one line. */
export class Failure extends Error {
    constructor(message, { log } = {}) {
        super(message);
        this.log = log;
    }
}

/** Prints the error and the path of its log file, but no stack trace. */
export function report(error, { logLines = 0 } = {}) {
    console.error(`\n${error.message}`);
    const log = error instanceof Failure ? error.log : keepTrace(error);
    if (!log) {
        return;
    }
    if (logLines && existsSync(log)) {
        console.error(
            readFileSync(log, "utf8").trimEnd().split("\n").slice(-logLines).join("\n"),
        );
    }
    console.error(`More about it: ${log}`);
}

/** Runs a script's work; a failure becomes one line and exit code 1. */
export async function main(work, options) {
    try {
        await work();
    } catch (error) {
        // After Ctrl-C the children fail as well; that is not reported.
        if (!stopping()) {
            report(error, options);
            process.exitCode = 1;
        }
    }
}

function keepTrace(error) {
    const file = join(logs, "unexpected.log");
    mkdirSync(logs, { recursive: true });
    writeFileSync(file, `${error.stack}\n`);
    return file;
}
