import { markdownTable } from "markdown-table";
import { BROWSERS, OLDEST_BROWSERS } from "./build/browsers.mjs";
import { writeSection } from "./sections.mjs";

const sentence = `The calculation runs in ${OLDEST_BROWSERS} and newer.`;

/** What the command writes, by file. */
export const sections = {
    "README.md": sentence,
    "docs/index.md": sentence,
    "docs/compatibility.md": table(),
};

/** Writes the oldest browsers into the documentation. */
export default function browsers() {
    for (const [file, content] of Object.entries(sections)) {
        writeSection(file, "browsers", content);
    }
}

function table() {
    const month = { year: "numeric", month: "long", timeZone: "UTC" };
    const rows = BROWSERS.map(({ names, others, oldest, released }) => [
        [...names, ...(others ? [others] : [])].join(", "),
        String(oldest),
        new Date(released).toLocaleDateString("en", month),
    ]);
    return markdownTable([["Browser", "Oldest version", "Released"], ...rows]);
}
