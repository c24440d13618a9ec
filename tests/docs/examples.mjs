// What the how-tos in docs/extending/ have one type, as data.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";

const folder = join(root, "docs", "extending");

/** The pages, by name. */
export const pages = () =>
    readdirSync(folder).map((name) => ({
        name,
        text: readFileSync(join(folder, name), "utf8"),
    }));

/**
 * The blocks of a page, in order: `path` is the file above it, `kind` what it is written in,
 * `isNew` whether it is all of the file.
 */
export function blocks(text) {
    const found = text.matchAll(
        /^`([^`\n]+)`(, new)?:\n\n```(\w+)\n([\s\S]*?)\n```$|^```po\n([\s\S]*?)\n```$/gm,
    );
    return [...found].map(([, path, isNew, kind, lines, entries]) =>
        entries
            ? { kind: "po", lines: entries }
            : { path, kind, isNew: Boolean(isNew), lines },
    );
}

/**
 * A file's text with a block's changes.
 *
 * @throws {Error} naming the first line of what is not there
 */
export function changed(text, { path, lines }) {
    const file = text.split("\n");
    let from = 0;
    for (const hunk of lines.split("\n@@\n")) {
        const all = hunk.split("\n");
        const bare = (mark) =>
            all.filter((it) => it[0] !== mark).map((it) => it.slice(1));
        const [before, after] = [bare("+"), bare("-")];
        const fits = (at) => before.every((line, i) => file[at + i] === line);
        let at = from;
        while (at <= file.length - before.length && !fits(at)) at++;
        if (at > file.length - before.length) {
            throw new Error(`${path} has no such lines any more:\n${before.join("\n")}`);
        }
        file.splice(at, before.length, ...after);
        from = at + after.length;
    }
    return file.join("\n");
}
