import { measuredRuns } from "./accuracy/measure.mjs";
import { writePage } from "./accuracy/page.mjs";
import { writePicture } from "./accuracy/picture.mjs";
import { writeProgress } from "./accuracy/progress.mjs";
import { writeReadme } from "./accuracy/readme.mjs";
import { buildReplay } from "./accuracy/replay.mjs";
import { runScorer } from "./accuracy/scorer.mjs";
import { asText, table } from "./accuracy/table.mjs";
import { readTraces } from "./accuracy/traces.mjs";
import { writeTransients } from "./accuracy/transients.mjs";
import { main } from "./run/failure.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";

/** Measures how well the algorithms predict real printers, and writes the results to docs/. */
await main(async () => {
    await checkPrerequisites();
    const program = await buildReplay();
    const printers = readTraces();
    const runs = await measuredRuns(program, printers);
    console.log(asText(table(runs)));
    const pictures = [writePicture(runs), writeTransients(runs), writeProgress(runs)];
    for (const file of [...pictures, writePage(runs, printers), writeReadme(runs)]) {
        console.log(`Written: ${file}`);
    }
    await runScorer(program);
});
