import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Failure } from "./run/failure.mjs";

/**
 * A page's `text` with `content` in the place that a command writes, which is between
 * "<!-- Written by `npm run command`. -->" and "<!-- /command -->".
 */
export function withSection(text, command, content) {
    const place = new RegExp(
        `(<!-- Written by \`npm run ${command}\`. -->\n\n).*?(\n\n<!-- /${command} -->)`,
        "s",
    );
    if (!place.test(text))
        throw new Failure(`A page has no place for npm run ${command}.`);
    return text.replace(place, (_, before, after) => before + content + after);
}

/** Writes the place of a command in a file. */
export function writeSection(file, command, content) {
    const path = join(root, file);
    writeFileSync(path, withSection(readFileSync(path, "utf8"), command, content));
    console.log(`Written: ${file}`);
}
