import { join } from "node:path";
import { root, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";

/** Compiles all .po files in translations/ to .mo files. */
export async function buildTranslations() {
    const folder = join(root, "translations");
    const args = ["-m", "babel.messages.frontend", "compile", "--directory", folder];
    await logged(venvPython, args, {
        log: "translations",
        failure: "The translations could not be compiled.",
    });
}
