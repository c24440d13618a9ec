import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { dateOf, entry, entryFile } from "./extras/entry.mjs";
import { root } from "./paths.mjs";
import { Failure, main } from "./run/failure.mjs";

/** Writes the plugin's entry in OctoPrint's plugin repository; a day may be given. */
await main(async () => {
    const [asked] = process.argv.slice(2);
    if (asked && !/^\d{4}-\d\d-\d\d$/.test(asked)) {
        throw new Failure(`"${asked}" is no day: it must read like 2026-11-25.`);
    }
    writeFileSync(entryFile, entry(asked ?? present() ?? today()));
    console.log(`Written: ${relative(root, entryFile)}`);
});

function present() {
    return existsSync(entryFile) ? dateOf(readFileSync(entryFile, "utf8")) : null;
}

function today() {
    return new Date().toISOString().slice(0, 10);
}
