import { measuredRuns } from "./accuracy/measure.mjs";
import { writePage } from "./accuracy/page.mjs";
import { writePicture } from "./accuracy/picture.mjs";
import { writeProgress } from "./accuracy/progress.mjs";
import { writeReadme } from "./accuracy/readme.mjs";
import { buildReplay } from "./accuracy/replay.mjs";
import { runScorer } from "./accuracy/scorer.mjs";
import { asText, table } from "./accuracy/table.mjs";
import { readTraces } from "./accuracy/traces.mjs";
import { writeWays } from "./accuracy/ways.mjs";
import { main } from "./run/failure.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";

/** How well the algorithms predict what real printers did; writes it to docs/, too. */
await main(async () => {
    await checkPrerequisites();
    const program = await buildReplay();
    const printers = readTraces();
    const runs = await measuredRuns(program, printers);
    console.log(asText(table(runs)));
    const pictures = [writePicture(runs), writeWays(runs), writeProgress(runs)];
    for (const file of [...pictures, writePage(runs, printers), writeReadme(runs)]) {
        console.log(`Written: ${file}`);
    }
    await runScorer(program);
});
