import { setUpBuild } from "../setup/prerequisites.mjs";
import { buildPage } from "./page.mjs";
import { buildTranslations } from "./translations.mjs";
import { buildWasm } from "./wasm.mjs";

/** Builds all generated files of the plugin. */
export async function buildPlugin({ force = false } = {}) {
    await setUpBuild();
    await buildWasm({ force });
    await buildPage({ force });
    await buildTranslations();
}
