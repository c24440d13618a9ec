import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logs } from "../paths.mjs";

/** Lines of a log that are shown. */
const LINES = 40;

/** An error that is explained to the user in one line, and perhaps by a log. */
export class Failure extends Error {
    constructor(message, { log } = {}) {
        super(message);
        this.log = log;
    }
}

/** Prints the error and the end of its log file; only files get stack traces. */
export function report(error) {
    console.error(`\n${error.message}`);
    if (!(error instanceof Failure)) {
        error.log = join(logs, "unexpected.log");
        mkdirSync(logs, { recursive: true });
        writeFileSync(error.log, `${error.stack}\n`);
    } else if (error.log && existsSync(error.log)) {
        const lines = readFileSync(error.log, "utf8").trimEnd().split("\n");
        console.error(lines.slice(-LINES).join("\n"));
    }
    if (error.log) console.error(`More about it: ${error.log}`);
}
