import { Failure, main } from "./run/failure.mjs";
import { kinds, usualKinds } from "./test/kinds.mjs";
import { runKinds } from "./test/summary.mjs";

await main(async () => {
    const asked = process.argv.slice(2);
    const unknown = asked.filter((name) => !(name in kinds));
    if (unknown.length) {
        const known = Object.keys(kinds).join(", ");
        throw new Failure(`There is no test kind "${unknown[0]}"; there are ${known}.`);
    }
    await runKinds(asked.length ? asked : Object.keys(usualKinds));
});
