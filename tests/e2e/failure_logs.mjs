// Logs of pages and servers, printed if a test fails.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const LINES = 40;

/** The sources of log lines, by name. */
const sources = new Map();

/** Adds a source whose `lines()` are printed if a test fails, until `isGone()`. */
export function addLog(name, lines, isGone = () => false) {
    sources.set(name, { lines, isGone });
}

/** Removes the sources that were gone before this test. */
export function removeGone() {
    for (const [name, { isGone }] of sources) {
        if (isGone()) sources.delete(name);
    }
}

/** Adds a server's log file. */
export function addLogFile(name, file) {
    addLog(name, () =>
        existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [],
    );
}

/** If the test failed, prints the last lines of all sources and saves all lines. */
export async function printLogs(testInfo) {
    if (testInfo.status === testInfo.expectedStatus) return;
    for (const [name, { lines }] of sources) {
        const logged = lines();
        writeFileSync(testInfo.outputPath(`${name}.txt`), logged.join("\n"));
        console.log(`--- ${name}, the last of ${logged.length} lines:`);
        console.log(logged.slice(-LINES).join("\n"));
    }
}
