// Why a test failed: what its pages and servers said.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const LINES = 40;

/** By name, what gives the lines that were said, and whether it has gone. */
const witnesses = new Map();

/** Prints `lines` if a test fails; forgotten once `isGone()`. */
export function hear(name, lines, isGone = () => false) {
    witnesses.set(name, { lines, isGone });
}

/** What was gone before this test knows nothing of it. */
export function forgetGone() {
    for (const [name, { isGone }] of witnesses) {
        if (isGone()) witnesses.delete(name);
    }
}

/** Hears out the log of a server. */
export function hearLog(name, file) {
    hear(name, () =>
        existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [],
    );
}

/** If the test failed, prints the last lines of all, and leaves all lines beside its picture. */
export async function tellWhy(testInfo) {
    if (testInfo.status === testInfo.expectedStatus) return;
    for (const [name, { lines }] of witnesses) {
        const said = lines();
        writeFileSync(testInfo.outputPath(`${name}.txt`), said.join("\n"));
        console.log(`--- ${name}, its last lines of ${said.length}:`);
        console.log(said.slice(-LINES).join("\n"));
    }
}
