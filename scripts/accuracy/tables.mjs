import { mean, quantile, sum } from "d3-array";
import { markdownTable } from "markdown-table";
import { GROUPS, WITHIN } from "./measure.mjs";

const HEADINGS = [
    ...["", "", "events", "error", "pnMAE", "p90", "coverage", "roughness"],
    `within ${percent(WITHIN, 0)}`,
    "80 % interval",
];

/** The rows and columns of the front page, and what they are called there. */
const EVENTS = ["hotend heat-ups", "bed heat-ups", "cool-downs"];
const COLUMNS = {
    Linear: "textbook (*Linear*)",
    "Adaptive, first time": "*Adaptive*, first time",
    "Adaptive, learned": "*Adaptive*, learned",
};

/** What was measured, in a sentence and a table. */
export function results(runs, printers) {
    const { events } = runs[0];
    const count = (kind) => sum(events, (event) => event.kind === kind);
    const seconds = [...new Set(events.map(({ interval }) => interval))].sort(
        (a, b) => a - b,
    );
    const intervals = seconds.join(", ").replace(/, (\d+)$/, " or $1");
    const rows = ["All", ...GROUPS].flatMap((group) =>
        runs.map(({ title, events }) => [group, title, ...figures(of(group, events))]),
    );
    const align = HEADINGS.map((_, i) => (i < 2 ? "" : "r"));
    return (
        `${count("heating")} heat-ups and ${count("cooling")} cool-downs of ` +
        `${printers.length} printers, with a reading every ${intervals} s:\n\n` +
        markdownTable([HEADINGS, ...rows], { align })
    );
}

/** Errors with poorer readings, by what is wrong with them. */
export function degradedTable(rows) {
    const titles = rows[0].runs.map(({ title }) => title);
    const lines = rows.map(({ name, runs }) => [
        name,
        ...runs.map(({ events }) => {
            const at = (p) =>
                percent(
                    quantile(events, p, ({ share }) => share),
                    1,
                );
            return `${at(0.5)} / ${at(0.9)}`;
        }),
    ]);
    const align = ["", ...titles.map(() => "r")];
    return (
        "The same events with poorer readings, *pnMAE* / *p90*:\n\n" +
        markdownTable([["", ...titles], ...lines], { align })
    );
}

/** The short table of the front page: the error in seconds and as a share of the duration. */
export function summary(runs) {
    const rows = GROUPS.map((group, i) => {
        const cells = Object.keys(COLUMNS).map((title) => {
            const { events } = runs.find((run) => run.title === title);
            const [, error, share] = figures(of(group, events));
            return `${error}, ${share}`;
        });
        return [`${of(group, runs[0].events).length} ${EVENTS[i]}`, ...cells];
    });
    const align = ["", "r", "r", "r"];
    return markdownTable([["", ...Object.values(COLUMNS)], ...rows], { align });
}

function of(group, events) {
    return group === "All" ? events : events.filter((event) => event.group === group);
}

function figures(events) {
    const at = (p, key) => quantile(events, p, (event) => event[key]);
    const average = (key) => mean(events, (event) => event[key]);
    return [
        String(events.length),
        number(at(0.5, "error"), 1, " s"),
        percent(at(0.5, "share"), 1),
        percent(at(0.9, "share"), 1),
        percent(average("coverage"), 0),
        number(at(0.5, "roughness"), 2),
        percent(average("within"), 0),
        percent(average("intervals"), 0),
    ];
}

function percent(share, digits) {
    return number(100 * share, digits, " %");
}

/** Empty for none. */
function number(value, digits, unit = "") {
    return Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : "";
}
