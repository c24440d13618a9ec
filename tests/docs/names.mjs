// Checks of the names in a Markdown text; each returns those that do not exist.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { filesBelow } from "../../scripts/run/stamp.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");

const FOLDERS = [
    ..."src docs scripts static octoprint_temp_eta templates tests".split(" "),
    ..."translations benches examples extras fuzz .github".split(" "),
];
const PATH = new RegExp(String.raw`^(?:${FOLDERS.join("|")})/[\w./-]*[\w/]$`);

/** Built, or created by a how-to. */
const MADE = /^(static\/(built|wasm)|translations\/fr)\b/;

const isSource = (path) =>
    /\.(rs|m?js|ts|py|jinja2|css|toml)$/.test(path) && !MADE.test(path);

/** The code in which identifiers are looked up, by path. */
const sources = new Map(
    FOLDERS.filter((folder) => folder !== "docs")
        .flatMap((folder) => filesBelow(join(root, folder)))
        .concat(join(root, "build.rs"))
        .map((file) => relative(root, file).replaceAll("\\", "/"))
        .filter((path) => isSource(path) && !path.startsWith("tests/docs/"))
        .map((path) => [path, read(path)]),
);

const { scripts } = JSON.parse(read("package.json"));
const settings = Object.keys(JSON.parse(read("src/settings.json")));
const prefixes = new Set(settings.map((key) => key.split("_")[0]));

/** Begins like a setting, and is none. */
const NO_SETTINGS = /^temp_eta|^cooldown_target$|^soak_seconds$|^target_reached$/;

/** Names of other projects, and of examples. */
const FOREIGN = new Set(
    "KEY apikey dry_box_ea23d704 msgfmt msgstr onAllBound pt_BR".split(" "),
);

const withoutBlocks = (text) => text.replace(/^```[\s\S]*?^```$/gm, "");

/** The texts in backquotes. */
export const spans = (text) =>
    [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);

/** Files by their whole path, or by the end of it. */
export function missingFiles(text) {
    const missing = spans(text).filter((span) =>
        PATH.test(span) ? !existsSync(join(root, span)) : isSource(span) && !isTail(span),
    );
    return missing.filter((path) => !MADE.test(path));
}

const isTail = (path) =>
    path.includes("*") ||
    existsSync(join(root, path)) ||
    [...sources.keys()].some((it) => `/${it}`.endsWith(`/${path}`));

/** Links to files, from a document in `folder`. */
export function missingLinks(text, folder) {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    return links
        .filter((link) => !/^(https?:|mailto:|#)/.test(link))
        .map((link) => join(folder, link.split("#")[0]))
        .filter((path) => !existsSync(join(root, path)));
}

/** npm's scripts, also in the short form `test:js` after a full one, and cargo's targets. */
export function missingCommands(text) {
    const named = [
        ...[...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name]) => name),
        ...spans(text).filter((span) => /^test:\w+$/.test(span)),
    ].filter((name) => !(name in scripts));
    const targets = [...text.matchAll(/\bcargo .*--(example|test) (\w+)/g)]
        .map(([, kind, name]) => `${kind}s/${name}.rs`)
        .filter((path) => !existsSync(join(root, path)));
    return [...named, ...targets];
}

/** Keys that begin like those of settings. */
export function missingSettings(text) {
    const keys = spans(text).filter(
        (span) => /^[a-z]+(_[a-z0-9]+)+$/.test(span) && prefixes.has(span.split("_")[0]),
    );
    return keys.filter((key) => !settings.includes(key) && !NO_SETTINGS.test(key));
}

/**
 * Identifiers. In an item of a how-to's list that names files, one of these must have it;
 * elsewhere any source.
 */
export function missingIdentifiers(text, { isHowTo = false } = {}) {
    const items = withoutBlocks(text).split(/^(?= *(?:\d+\.|-) )|\n\n/m);
    return items.flatMap((item) => {
        const all = spans(item);
        const paths = all.filter((span) => isHowTo && sources.has(span));
        const texts = paths.length
            ? paths.map((path) => sources.get(path))
            : [...sources.values()];
        const has = (name) => texts.some((it) => new RegExp(`\\b${name}\\b`).test(it));
        return all
            .map((span) => /^([A-Za-z_]\w+)(\([^)]*\))?$/.exec(span)?.[1])
            .filter((name) => name && !FOREIGN.has(name) && !has(name))
            .map((name) => [name, ...paths].join(" of "));
    });
}

/** Types of the glossary, which are code in the first column of its table. */
export function missingTypes(glossary) {
    const types = [...glossary.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const code = [...sources.values()].join("\n");
    const declares = (name) =>
        new RegExp(`\\b(struct|enum|trait|type|class) ${name}\\b`).test(code);
    return types.filter((name) => !declares(name));
}

/** The sources that a newcomer looks for in the tree; `mod.rs` and the like are its folders,
 * and tests stand beside what they test. */
const OF_THE_TREE =
    /^(src|static\/js|octoprint_temp_eta)\/.*(?<!\/mod|\/lib|\/__init__|\/tests|\/tests\/\w+|\.d)\.(rs|js|py|ts)$/;

/** Files that the tree names and that are nowhere, and those that it does not name. */
export function missingInTree(tree) {
    const named = new Set(tree.match(/\b\w+(\.d)?\.(rs|js|py|ts|css)\b/g));
    const paths = [...sources.keys()];
    const base = (path) => path.split("/").at(-1);
    const there = new Set(paths.map(base));
    const wanted = paths.filter((path) => OF_THE_TREE.test(path)).map(base);
    return {
        named: [...named].filter((name) => !there.has(name)),
        wanted: wanted.filter((name) => !named.has(name)),
    };
}
