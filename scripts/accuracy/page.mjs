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
    return `<!-- Written by \`npm run accuracy\`: do not edit by hand. -->

# Accuracy

How well each algorithm predicts the heat-ups and cool-downs of real printers.

## What was measured

- ${printers.length} printers whose owners published their log files
- ${count("heating")} heat-ups, ${count("cooling")} cool-downs
- reports every ${intervals(events)} s

\`tests/data/traces/README.md\` describes where they come from and how they were selected.
They were known during development: on a new printer the errors may be larger.

A program feeds the readings to the plugin's calculation one by one; after each, it estimates the
remaining time before it gets the next. The true time is when the heater first came within
1 °C of its target or cool-down temperature.

- *First time*: each event alone, as if the plugin had just been installed.
- *Learned*: all events of a printer in order, so that Adaptive learns from the earlier ones.
  Linear and Exponential do not learn.

## Results

${asMarkdown(table(runs))}

![Predicted against true remaining time](images/accuracy.svg)

On the diagonal an estimate is exact, above it too long, below it too short. The band is
${within} wide on either side. Both axes are logarithmic, so that the last seconds are as visible
as the first minutes. Only a few dozen points per event are drawn.

## Over time

![What each algorithm showed on a heat-up and a cool-down](images/heat-up.svg)

The bed's heat-up and the cool-down with the most readings. A perfect countdown would follow
the line of the true time. Nothing had been learned before.

![Error by elapsed share of the time](images/error-by-progress.svg)

The errors in *pnMAE*, by tenths of the time from start to arrival, as the mean of all events.
Late errors are small because little time is left; the beginning makes the difference.

## What the columns mean

| Column        | For one event                                                | For all events  |
| ------------- | ------------------------------------------------------------ | --------------- |
| error         | mean error of the times shown                                | median          |
| pnMAE         | see below                                                    | median          |
| p90           | the same                                                     | 90th percentile |
| coverage      | share of the readings for which a time was shown             | mean            |
| roughness     | how far the countdown is from one second per second          | median          |
| within ${within}   | share of the readings with a time at most ${within} + ${SLACK} s off   | mean            |
| 80 % interval | share of the intervals with the true time; should be 80 %    | mean            |

*pnMAE* is the penalized, normalized mean absolute error. For an event of duration *D*, over
all readings *i* from the first with the new target until arrival:

\`\`\`text
pnMAE = mean of |shown_i - left_i| / D
\`\`\`

If no time was shown, \`shown_i\` is 0, so showing no time never helps. 0 % is perfect; never
showing a time yields about 50 %.

## Measure again

\`\`\`text
npm run accuracy
\`\`\`

This compiles the calculation, replays the events, and writes this page and its pictures.
\`tests/traces.rs\` replays the same events in every test run and limits the errors.
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
