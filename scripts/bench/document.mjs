import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { asMarkdown } from "./table.mjs";

const file = join("docs", "benchmarks.md");

/** Writes the page about this run; every figure on it was measured by it. */
export function writeBenchmarks(rows, machine) {
    const text = `<!-- Written by \`npm run bench\`: do not edit by hand. -->

# Benchmarks

What the plugin costs, and the limits it was designed for.

${machine.map((line) => `- ${line}`).join("\n")}

${asMarkdown(rows)}

## How it was measured

*ingest*, *estimate*, *snapshot*: the released module, with messages as OctoPrint sends them.
All heaters have completed one heat-up, learned from it, and are in another with a full minute
of readings. All algorithms run on every message, whichever is shown. For several heaters the
time is that of all together. Each figure is the median of alternating passes through Node,
Chromium and native code; each pass counts with the median of many rounds. The calls of a round
follow each other, so the code is optimized, unlike the first calls of a page. All three must
yield the same remaining times.

*estimate* is the part of an *ingest* that an algorithm takes. The module measures it itself; the
cost of reading the clock is measured between two algorithms and subtracted. Natively, a single
heater without learned data is measured.

*native* is the same calculation compiled for this machine (\`cargo bench\`): without
decoding or creating JavaScript objects. It is the lower limit for wasm.

*first ETA*: measured in the page, from what it shows; negative if the ETA came first. Each load
has an empty cache; the server has already bundled its scripts.

*main thread*: Chromium's counters for a page with the plugin, minus those for the same page
without it, measured in turn. *all* includes everything else, such as painting.

*server*: three OctoPrints run in parallel, one with the plugin and two without. The difference
between the latter two is noise. The code also shows that there is no cost: with MQTT off, the
plugin registers no temperature callback (\`octoprint_temp_eta/printer_listener.py\`,
checked by \`tests/plugin/test_plugin.py\`), and sends no message unless settings are
rejected.

*mqtt*: the cost of MQTT publishing; see [MQTT](mqtt.md).

## Measure again

\`\`\`text
npm run bench           # all of it; writes this page
npm run bench module    # one part, only shown: module, memory, sizes, first-eta, page, server, mqtt
\`\`\`
`;
    writeFileSync(join(root, file), text);
    return file;
}
