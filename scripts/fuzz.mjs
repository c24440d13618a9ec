import { buildPlugin } from "./build/plugin.mjs";
import { corpusTargets, fuzzCore } from "./fuzz/core.mjs";
import { fuzzPage } from "./fuzz/page.mjs";
import { fuzzServer, serverTargets } from "./fuzz/server.mjs";
import { Failure } from "./run/failure.mjs";

/** Default time for each target in s. */
const SECONDS = 60;

const targets = {
    ...Object.fromEntries(
        corpusTargets.map((name) => [name, (seconds) => fuzzCore(name, seconds)]),
    ),
    page: async (seconds) => {
        await buildPlugin();
        return fuzzPage(seconds);
    },
    ...Object.fromEntries(
        serverTargets.map((name) => [
            name,
            async (seconds) => {
                await buildPlugin();
                return fuzzServer(name, seconds);
            },
        ]),
    ),
};

// npm run fuzz -- [target ...] [seconds]
export default async function fuzz() {
    const asked = process.argv.slice(2);
    const seconds = asked.filter((it) => /^\d+$/.test(it)).map(Number);
    const names = asked.filter((it) => !/^\d+$/.test(it));
    const unknown = names.find((name) => !(name in targets));
    if (unknown) throw new Failure(`There is nothing called "${unknown}" to fuzz.`);
    const executions = {};
    for (const name of names.length ? names : Object.keys(targets)) {
        executions[name] = await targets[name](seconds[0] ?? SECONDS);
    }
    console.log();
    for (const [name, count] of Object.entries(executions)) {
        console.log(`${name}: ${count.toLocaleString("en")} inputs, nothing found`);
    }
}
