import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { asMarkdown } from "./table.mjs";

const file = join("docs", "benchmarks.md");

/** Writes the page about this run; every figure on it was measured by it. */
export function writeBenchmarks(rows, machine) {
    const text = `<!-- Written by \`npm run bench\`: what is changed by hand gets lost. -->

# Benchmarks

What the plugin costs, and what it was to cost at most.

${machine.map((line) => `- ${line}`).join("\n")}

${asMarkdown(rows)}

## How it was measured

*ingest*, *estimate*, *snapshot*: the module that ships, and messages as OctoPrint sends
them. All heaters have been up to one target, have learned from it, and are on their way to
another with a full minute of readings. All algorithms run on every message, whichever is
shown. Several heaters: µs for all of them together. Each figure is the median of passes
through Node, Chromium and native code in turn, of each of which again the median of many
rounds counts; the calls of a round follow each other, so that the code is optimised, which
a page's first ones are not. All three must come to the same remaining times.

*estimate* is what an algorithm takes of an *ingest*: the module watches itself, and the clock
that it looks at keeps what it has said. What looking costs is measured between two
algorithms and taken off. Natively one heater is asked by itself, which has learned nothing.

*native* is the same calculation compiled for this machine (\`cargo bench\`): without
JavaScript's objects, neither decoded nor made, so it is what wasm cannot fall below.

*first ETA*: times in the page itself, of what stands in it; below zero, our time was there
first. Each load has a new, empty cache; the server has packed its scripts already.

*main thread*: Chromium's own counters of a page with the plugin less those of the same page
without it, in turn. *all* has also what is none of the others, such as painting.

*server*: three OctoPrints heat side by side, one with the plugin and two without; what the
latter two differ by is chance. That nothing is added is also written in the code: with MQTT
off, the plugin registers no callback for temperatures (\`octoprint_temp_eta/printer_listener.py\`, held
by \`tests/plugin/test_plugin.py\`), and sends no message but when settings are refused.

*mqtt*: what MQTT costs once it is on; see [relay.md](relay.md).

## Measure again

\`\`\`text
npm run bench           # all of it; writes this page
npm run bench module    # one part, only shown: module, memory, sizes, first-eta, page, server, mqtt
\`\`\`
`;
    writeFileSync(join(root, file), text);
    return file;
}
