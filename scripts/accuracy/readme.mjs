import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { asMarkdown, table } from "./table.mjs";

const file = "README.md";

/** What stands between these marks is written anew. */
const PLACE =
    /(<!-- Written by `npm run accuracy`\. -->\n\n).*?(\n\n<!-- \/accuracy -->)/s;

const EVENTS = new Map([
    ["Hotend, heating", "hotend heat-ups"],
    ["Bed, heating", "bed heat-ups"],
    ["Cooling", "cool-downs"],
]);

const COLUMNS = new Map([
    ["Linear", "textbook (*Linear*)"],
    ["Adaptive, first time", "*Adaptive*, first time"],
    ["Adaptive, learned", "*Adaptive*, learned"],
]);

/** Writes the short table of the front page. */
export function writeReadme(runs) {
    const path = join(root, file);
    writeFileSync(path, withFigures(readFileSync(path, "utf8"), runs));
    return file;
}

/** The front page's `text` with the figures of these runs. */
export function withFigures(text, runs) {
    if (!PLACE.test(text)) throw new Failure(`${file} has no place for the figures.`);
    const written = (_, before, after) => before + asMarkdown(summary(runs), 1) + after;
    return text.replace(PLACE, written);
}

/** One row per kind of event: the error in seconds and as a share of the duration. */
function summary(runs) {
    const [, ...rows] = table(runs);
    const cell = (group, title) => {
        const found = rows.find(([one, other]) => one === group && other === title);
        const [, , events, error, share] = found;
        return { events, text: `${error}, ${share}` };
    };
    const body = [...EVENTS].map(([group, words]) => {
        const cells = [...COLUMNS.keys()].map((title) => cell(group, title));
        return [`${cells[0].events} ${words}`, ...cells.map(({ text }) => text)];
    });
    return [["", ...COLUMNS.values()], ...body];
}
