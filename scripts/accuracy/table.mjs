import { mean, WITHIN } from "./measure.mjs";

export const GROUPS = [
    { group: "All", has: () => true },
    {
        group: "Hotend, heating",
        has: ({ kind, heater }) => kind === "heating" && heater.startsWith("tool"),
    },
    {
        group: "Bed, heating",
        has: ({ kind, heater }) => kind === "heating" && heater === "bed",
    },
    { group: "Cooling", has: ({ kind }) => kind === "cooling" },
];

const HEADINGS = [
    "",
    "",
    "events",
    "error",
    "pnMAE",
    "p90",
    "coverage",
    "roughness",
    `within ${percent(WITHIN, 0)}`,
    "80 % interval",
];

const LEFT_ALIGNED = 2;

/** A row of texts for each group and run, after the headings. */
export function table(runs) {
    const rows = GROUPS.flatMap(({ group, has }) =>
        runs.map(({ title, events }) => [group, title, ...row(events.filter(has))]),
    );
    return [HEADINGS, ...rows];
}

function row(events) {
    const values = (key) =>
        events.map((event) => event[key]).filter((value) => value !== null);
    return [
        String(events.length),
        number(percentile(values("error"), 50), 1, " s"),
        percent(percentile(values("share"), 50), 1),
        percent(percentile(values("share"), 90), 1),
        percent(mean(values("coverage")), 0),
        number(percentile(values("roughness"), 50), 2),
        percent(mean(values("within")), 0),
        percent(mean(values("intervals")), 0),
    ];
}

/** A percentage; empty for null. */
export function percent(share, digits) {
    return number(share === null ? null : 100 * share, digits, " %");
}

function number(value, digits, unit = "") {
    return value === null ? "" : `${value.toFixed(digits)}${unit}`;
}

/** A percentile, interpolated linearly; null of no values. */
export function percentile(values, rank) {
    const sorted = values.toSorted((a, b) => a - b);
    if (!sorted.length) {
        return null;
    }
    const position = ((sorted.length - 1) * rank) / 100;
    const [below, above] = [Math.floor(position), Math.ceil(position)];
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** For the terminal. */
export function asText(rows) {
    const widths = columnWidths(rows);
    const lines = rows.map((cells) => padded(cells, widths).join("  ").trimEnd());
    const separated = lines.flatMap((line, i) =>
        i > 0 && rows[i][0] !== rows[i - 1][0] ? ["", line] : [line],
    );
    return `\n${separated.join("\n")}\n`;
}

/** For a page; the first `words` columns are left-aligned. */
export function asMarkdown(rows, words = LEFT_ALIGNED) {
    const widths = columnWidths(rows);
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const rule = widths.map((width, i) =>
        i < words ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
    );
    const [head, ...body] = rows.map((cells) => line(padded(cells, widths, words)));
    return [head, line(rule), ...body].join("\n");
}

function columnWidths(rows) {
    return rows[0].map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
}

function padded(cells, widths, words = LEFT_ALIGNED) {
    return cells.map((cell, i) =>
        i < words ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
    );
}
