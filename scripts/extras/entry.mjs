import { readFileSync } from "node:fs";
import { join } from "node:path";
import { homepage } from "../address.mjs";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { PICTURES } from "./pictures.mjs";

/** The entry of OctoPrint's plugin repository, once it is there. */
export const entryFile = join(root, "extras", "temp_eta.md");

const ID = "temp_eta";

/** Where the entry's own repository keeps the pictures of a plugin. */
const IMAGES = `/assets/img/plugins/${ID}`;

const TAGS = ["temperature", "heating", "eta", "ui", "graph", "notification", "mqtt"];

const SHOWN = PICTURES.filter(({ caption }) => caption);

const OLDEST_OCTOPRINT = "1.10.2";

const SYSTEMS = ["linux", "windows", "macos", "freebsd"];

// Which of its attributes a plugin has to admit to is said in the repository's guide.
const ATTRIBUTES = ["ai-developed"];

/** The entry; all that is said elsewhere comes from there. */
export function entry(date) {
    const project = read("pyproject.toml");
    const url = homepage();
    const plugin = read("octoprint_temp_eta/__init__.py");
    const lines = [
        "layout: plugin",
        "",
        `id: ${ID}`,
        `title: ${value(plugin, /^__plugin_name__ = "([^"]+)"$/m)}`,
        `description: ${value(project, /^description = "([^"]+)"$/m)}`,
        "authors:",
        `- ${value(project, /^authors = \[\{ name = "([^"]+)"/m)}`,
        `license: ${value(project, /^license = "([^"]+)"$/m)}`,
        "",
        `date: ${date}`,
        "",
        `homepage: ${url}`,
        `source: ${url}`,
        `archive: ${url}/releases/latest/download/OctoPrint-TempETA.zip`,
        "",
        ...list("tags", TAGS),
        "",
        "screenshots:",
        ...SHOWN.flatMap(({ name, alt, caption }) => [
            `- url: ${IMAGES}/${name}.png`,
            `  alt: ${JSON.stringify(alt)}`,
            `  caption: ${JSON.stringify(caption)}`,
        ]),
        "",
        `featuredimage: ${IMAGES}/${SHOWN[0].name}.png`,
        "",
        "compatibility:",
        ...list("octoprint", [OLDEST_OCTOPRINT]).map(indented),
        ...list("os", SYSTEMS).map(indented),
        `  python: "${value(plugin, /^__plugin_pythoncompat__ = "([^"]+)"$/m)}"`,
        "",
        ...list("attributes", ATTRIBUTES),
    ];
    return `---\n${lines.join("\n")}\n---\n\n${read("scripts/extras/about.md")}`;
}

/** The day on which the plugin was registered, which must never change. */
export function dateOf(text) {
    return value(text, /^date: (\d{4}-\d\d-\d\d)$/m);
}

function list(name, words) {
    return [`${name}:`, ...words.map((word) => `- ${word}`)];
}

function indented(line) {
    return `  ${line}`;
}

function value(text, pattern) {
    const found = pattern.exec(text)?.[1];
    if (!found) {
        throw new Failure(`Nothing is found of ${pattern}.`);
    }
    return found;
}

function read(name) {
    return readFileSync(join(root, name), "utf8");
}
