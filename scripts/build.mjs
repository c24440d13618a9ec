import { buildPlugin } from "./build/plugin.mjs";
import { main } from "./run/failure.mjs";

await main(() => buildPlugin({ force: process.argv.includes("--force") }), {
    logLines: 40,
});
