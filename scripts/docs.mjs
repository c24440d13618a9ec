import { buildSite } from "./docs/site.mjs";
import { main } from "./run/failure.mjs";

/** Builds the documentation's site into site/; a warning is an error. */
await main(async () => {
    console.log(`Written: ${await buildSite()}`);
});
