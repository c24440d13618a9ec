import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    degradedRuns,
    errorsOverTime,
    GROUPS,
    measuredRuns,
    WITHIN,
} from "./accuracy/measure.mjs";
import { buildReplay } from "./accuracy/replay.mjs";
import { degradedTable, results, summary } from "./accuracy/tables.mjs";
import { readTraces } from "./accuracy/traces.mjs";
import { cache } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { writeSection } from "./sections.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";
import { installVenv } from "./setup/python-packages.mjs";

/** Into how many parts of equal time a transient is divided. */
const PARTS = 10;

/** Measures how well the algorithms predict real printers, and writes the results to docs/. */
export default async function accuracy() {
    await checkPrerequisites();
    const printers = readTraces();
    const program = await buildReplay();
    const runs = await measuredRuns(program, printers);
    const poorer = await degradedRuns(program, printers, runs);
    const tables = `${results(runs, printers)}\n\n${degradedTable(poorer)}`;
    console.log(`\n${tables}\n`);
    writeSection("docs/accuracy.md", "accuracy", tables);
    writeSection("README.md", "accuracy", summary(runs));
    await draw(runs);
}

async function draw(runs) {
    const groups = GROUPS.map((group) => ({
        group,
        curves: runs.map(({ events }) =>
            errorsOverTime(
                events.filter((event) => event.group === group),
                PARTS,
            ),
        ),
    }));
    const data = join(cache, "accuracy.json");
    mkdirSync(cache, { recursive: true });
    writeFileSync(data, JSON.stringify({ runs, groups, within: WITHIN }));
    const python = await installVenv("plots");
    await logged(python, [join("scripts", "accuracy", "plots.py"), data], {
        log: "plots",
        failure: "The plots could not be drawn.",
    });
    console.log("Written: the plots in docs/images");
}
