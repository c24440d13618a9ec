import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { output } from "./run/command.mjs";
import { Failure } from "./run/failure.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";

const TARGET = "wasm32-unknown-unknown";
const FEATURES = ["--locked", "--all-features"];

const INTRODUCTION = `Parts of this plugin's WebAssembly modules, and of the script that loads them, are
compiled from these packages. Each of them is used under the MIT licence below.`;

/** It comes with the compiler. */
const STANDARD = [
    "Rust's standard library",
    "Copyright (c) The Rust Project Contributors",
].join("\n    ");

export default async function writeNotices() {
    await checkPrerequisites();
    writeFileSync(join(root, "THIRD-PARTY.txt"), await notices());
}

/** The notices of third-party code in the plugin's wasm modules and in wasm-bindgen's script. */
export async function notices() {
    const args = ["metadata", "--format-version", "1", "--filter-platform", TARGET];
    const metadata = await output("cargo", [...args, ...FEATURES]);
    // Macros and what only tests need are not in the modules.
    const what = ["--edges", "normal,no-proc-macro", "--target", TARGET, ...FEATURES];
    const format = ["--no-dedupe", "--prefix", "none", "--format", "{p}"];
    const tree = await output("cargo", ["tree", ...what, ...format]);
    if (!metadata || !tree) throw new Failure("cargo does not name the crates.");
    const { packages } = JSON.parse(metadata);
    const [, ...linked] = [...new Set(tree.split("\n"))];
    const crates = linked.sort().map((line) => {
        const [, name, version] = /^(\S+) v(\S+)/.exec(line);
        return packages.find((it) => it.name === name && it.version === version);
    });
    const other = crates.find(({ license }) => !/\bMIT\b/.test(license));
    if (other) throw new Failure(`${other.name} is not available under the MIT license.`);
    const list = crates.map((crate) =>
        [`${crate.name} ${crate.version}`, ...holders(crate)].join("\n    "),
    );
    const bindgen = crates.find(({ name }) => name === "wasm-bindgen");
    const [mit] = /^Permission is hereby granted[\s\S]+/m.exec(
        licences(bindgen).join("\n"),
    );
    return `${[INTRODUCTION, ...list, STANDARD, mit.trim()].join("\n\n")}\n`;
}

function licences({ manifest_path }) {
    const folder = dirname(manifest_path);
    return readdirSync(folder)
        .filter((name) => /^licen[cs]e(-mit)?(\.\w+)?$/i.test(name))
        .map((name) => readFileSync(join(folder, name), "utf8"));
}

function holders(crate) {
    const lines = licences(crate)
        .join("\n")
        .match(/^Copyright .*$/gm);
    return new Set(lines ?? [`Copyright (c) ${crate.authors.join(", ") || crate.name}`]);
}
