import { join } from "node:path";
import { root, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { setUpBuild } from "../setup/prerequisites.mjs";
import { buildPage } from "./page.mjs";
import { buildWasm } from "./wasm.mjs";

/** Builds all generated files of the plugin: wasm, scripts, compiled translations. */
export async function buildPlugin({ force = false } = {}) {
    await setUpBuild();
    await logged(venvPython, ["-m", "scripts.settings.write", "--check"], {
        log: "settings",
        failure:
            "src/settings.json or docs/settings.md is not what settings.py says: " +
            "run npm run settings.",
    });
    await buildWasm({ force });
    await buildPage();
    const compile = ["-m", "babel.messages.frontend", "compile", "--directory"];
    await logged(venvPython, [...compile, join(root, "translations")], {
        log: "translations",
        failure: "The translations could not be compiled.",
    });
}
