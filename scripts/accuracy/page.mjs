import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { SLACK, WITHIN } from "./measure.mjs";
import { asMarkdown, percent, table } from "./table.mjs";

const file = join("docs", "accuracy.md");

/** Writes the page about these runs. */
export function writePage(runs, printers) {
    writeFileSync(join(root, file), page(runs, printers));
    return file;
}

/** Its text; every figure on it is calculated. */
export function page(runs, printers) {
    const events = printers.flatMap((printer) => printer.events);
    const count = (kind) => events.filter((event) => event.kind === kind).length;
    const within = percent(WITHIN, 0);
    return `<!-- Written by \`npm run accuracy\`: what is changed by hand gets lost. -->

# Accuracy

How well each algorithm predicts what real printers did.

## What was measured

- ${printers.length} printers whose owners published their log files
- ${count("heating")} heat-ups, ${count("cooling")} cool-downs
- reports every ${intervals(events)} s

\`tests/data/traces/README.md\` says where they come from and how they were selected. They
were known while the algorithms were written: on a printer that nobody has looked at the
errors may be larger.

A program with the plugin's own calculation gets one reading after the other. It answers
each with the remaining time before it sees the next. The truth is when the heater came
within 1 °C of its goal for the first time.

- *First time*: each event alone, as if the plugin had just been installed.
- *Learned*: all events of a printer in their order, so that earlier ones teach. Linear and
  Exponential learn nothing.

## Result

${asMarkdown(table(runs))}

![Predicted against true remaining time](images/accuracy.svg)

On the diagonal a prediction is exact, above it too long, below it too short. The band is
${within} wide on either side. Both axes are logarithmic, so the last seconds show as well as
the first minutes. Of each event only a few dozen points are drawn.

## On the way

![What each algorithm showed on a heat-up and a cool-down](images/heat-up.svg)

Of the bed's heat-ups and of the cool-downs the ones with the most readings. The best
countdown lies on the line of the truth all the time. Nothing had been learned before.

![Error by how much of the way was done](images/error-by-progress.svg)

The errors that *pnMAE* is made of, in tenths of the time from start to arrival: the mean of
the events. Late errors are small because little is left to be wrong about; what tells the
algorithms apart is the beginning.

## What the columns mean

| Column        | Of an event                                                  | Of the events   |
| ------------- | ------------------------------------------------------------ | --------------- |
| error         | mean error of the times that were shown                      | median          |
| pnMAE         | see below                                                    | median          |
| p90           | the same                                                     | 90th percentile |
| coverage      | share of the readings after which a time was shown           | mean            |
| roughness     | how far a second of waiting is from a second less to wait    | median          |
| within ${within}   | share of the readings with a time at most ${within} + ${SLACK} s off   | mean            |
| 80 % interval | share of the intervals that held the truth; 80 % should      | mean            |

*pnMAE* is the penalised, normalised mean absolute error. For an event of duration *D*, over
all readings *i* from the first with the new target until arrival:

\`\`\`text
pnMAE = mean of |shown_i - left_i| / D
\`\`\`

Where no time was shown, \`shown_i\` is 0: silence does not pay. 0 % is perfect; who never
shows a time gets about 50 %.

## Measure again

\`\`\`text
npm run accuracy
\`\`\`

This compiles the calculation, replays the events and writes this page and its pictures.
\`tests/traces.rs\` replays the same events in every test run and holds the errors to bounds.
`;
}

/** "1, 2 or 5" */
function intervals(events) {
    const all = [...new Set(events.map(({ interval }) => interval))];
    return all
        .sort((a, b) => a - b)
        .join(", ")
        .replace(/, (\d+)$/, " or $1");
}
