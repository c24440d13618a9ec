import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, venvPython } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { installPythonPackages } from "./setup/python-packages.mjs";

const folder = join(root, "translations");
const template = join(folder, "messages.pot");

/** Updates the catalogues, and adds a language named on the command line. */
export default async function i18n() {
    await installPythonPackages();
    const layout = ["--no-location", "--omit-header", "--sort-output"];
    await babel("extract", ["--mapping-file=babel.cfg", "-o", template, ...layout, "."]);
    const languages = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name);
    for (const language of new Set([...languages, ...process.argv.slice(2)])) {
        await update(language);
    }
}

async function update(language) {
    const files = ["--input-file", template, "--output-dir", folder];
    const catalogue = join(folder, language, "LC_MESSAGES", "messages.po");
    const known = existsSync(catalogue);
    const guess = known ? ["--no-fuzzy-matching", "--ignore-obsolete"] : [];
    await babel(known ? "update" : "init", [...files, "--locale", language, ...guess]);
    dropPlaceholders(catalogue);
    console.log(`translations/${language}: up to date with the source`);
}

/** Removes fields of Babel's header that are unused or change each time. */
function dropPlaceholders(catalogue) {
    const unused =
        /^"(Project-Id-Version|Report-Msgid-Bugs-To|\S+-Date|Last-Translator|Language-Team|Generated-By):.*\n/gm;
    const text = readFileSync(catalogue, "utf8").replace(unused, "").trimStart();
    writeFileSync(catalogue, text.replace(/^(#.*\n)+/, ""));
}

function babel(command, args) {
    return logged(venvPython, ["-m", "babel.messages.frontend", command, ...args], {
        log: "i18n",
        failure: "The translations could not be updated.",
    });
}
