/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} where machine or browser, and conditions
 * @property {string} figure
 * @property {string} [aim]
 * @property {boolean} [met]
 * @property {string} [why] explains why the aim is missed
 */

const HEADINGS = ["What", "Where", "Figure", "Limit", ""];

/** For the terminal. @param {Row[]} rows */
export function asText(rows) {
    const all = [HEADINGS, ...rows.map((row) => cells(row, verdict(row)))];
    const widths = HEADINGS.map((_, i) => Math.max(...all.map((it) => it[i].length)));
    const lines = all.map((it) => it.map((cell, i) => cell.padEnd(widths[i])).join("  "));
    const notes = missed(rows).map(({ what, why }) => `${what}: ${why}`);
    return ["", ...lines.map((it) => it.trimEnd()), "", ...notes].join("\n");
}

/** For the page: a missed aim has the number of its explanation. @param {Row[]} rows */
export function asMarkdown(rows) {
    const notes = missed(rows);
    const line = (texts) => `| ${texts.join(" | ")} |`;
    const marked = (row) =>
        row.met === false ? `missed [${notes.indexOf(row) + 1}]` : verdict(row);
    const lines = [
        line(HEADINGS),
        line(HEADINGS.map(() => "---")),
        ...rows.map((row) => line(cells(row, marked(row)))),
    ];
    if (notes.length) lines.push("", ...notes.map(({ why }, i) => `${i + 1}. ${why}`));
    return lines.join("\n");
}

function missed(rows) {
    return rows.filter(({ met }) => met === false);
}

function cells({ what, where, figure, aim = "" }, said) {
    return [what, where, figure, aim, said];
}

function verdict({ met }) {
    if (met === undefined) return "";
    return met ? "met" : "missed";
}
