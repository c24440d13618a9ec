import { parseArgs } from "node:util";
import { Failure } from "./run/failure.mjs";
import { kinds, REPEATABLE } from "./test/kinds.mjs";
import { runKinds } from "./test/summary.mjs";

// npm test -- [kind ...] [--all] [--slowest] [--repeat <times>] [--load] [--only <name>]
export default async function test() {
    const { values, positionals } = parse();
    const known = Object.keys(kinds);
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown) {
        throw new Failure(
            `There is no test kind "${unknown}"; there are ${known.join(", ")}.`,
        );
    }
    const usual = known.filter((name) => {
        const { when } = kinds[name];
        return !when || (when === "all" && values.all);
    });
    const names = positionals.length ? positionals : usual;
    const repeat = Number(values.repeat ?? 1);
    if (!Number.isInteger(repeat) || repeat < 1) {
        throw new Failure(`--repeat takes a number of times, not "${values.repeat}".`);
    }
    const chosen = values.repeat ?? values.only;
    if (chosen && !names.every((name) => REPEATABLE.includes(name))) {
        throw new Failure(
            `--repeat and --only are for tests of the kinds ${REPEATABLE.join(", ")}.`,
        );
    }
    await runKinds(names, { ...values, repeat });
}

function parse() {
    try {
        return parseArgs({
            allowPositionals: true,
            options: {
                all: { type: "boolean" },
                slowest: { type: "boolean" },
                load: { type: "boolean" },
                repeat: { type: "string" },
                only: { type: "string" },
            },
        });
    } catch (error) {
        throw new Failure(error.message);
    }
}
