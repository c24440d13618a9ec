import { buildPlugin } from "./build/plugin.mjs";
import { buildSite } from "./docs/site.mjs";

/** Builds the documentation's site into site/; a warning is an error. */
export default async function docs() {
    await buildPlugin();
    console.log(`Written: ${await buildSite()}`);
}
