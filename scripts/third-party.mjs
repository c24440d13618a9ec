import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { output } from "./run/command.mjs";
import { Failure } from "./run/failure.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";
import { usedLicenses } from "./third-party/licenses.mjs";

const TARGET = "wasm32-unknown-unknown";
const FEATURES = ["--locked", "--all-features"];

const INTRODUCTION = `Parts of this plugin's WebAssembly modules, and of the script that loads them, are
compiled from these packages. Each of them is used under the MIT licence below; parts of those
that name another license are used under that one, which follows it.`;

/** How the names of files with the MIT license end: where there is no other, without a name. */
const MIT = "(-mit)?";

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
    const crates = await linkedCrates();
    const list = crates.map((crate) => {
        const others = otherLicenses(crate).map((it) => `(and ${it})`);
        const title = [crate.name, crate.version, ...others].join(" ");
        return [title, ...holders(crate)].join("\n    ");
    });
    const bindgen = crates.find(({ name }) => name === "wasm-bindgen");
    const [mit] = /^Permission is hereby granted[\s\S]+/m.exec(
        texts(bindgen, MIT).join("\n"),
    );
    const others = crates.flatMap((crate) =>
        // Unicode-3.0 is in LICENSE-UNICODE.
        otherLicenses(crate).flatMap((it) => texts(crate, `-${it.split("-")[0]}`)),
    );
    const all = [INTRODUCTION, ...list, STANDARD, mit, ...new Set(others)];
    return `${all.map((it) => it.trim()).join("\n\n")}\n`;
}

/** cargo's descriptions of the crates that are compiled into the modules. */
export async function linkedCrates() {
    const args = ["metadata", "--format-version", "1", "--filter-platform", TARGET];
    const metadata = await output("cargo", [...args, ...FEATURES]);
    // Macros and what only tests need are not in the modules.
    const what = ["--edges", "normal,no-proc-macro", "--target", TARGET, ...FEATURES];
    const format = ["--no-dedupe", "--prefix", "none", "--format", "{p}"];
    const tree = await output("cargo", ["tree", ...what, ...format]);
    if (!metadata || !tree) throw new Failure("cargo does not name the crates.");
    const { packages } = JSON.parse(metadata);
    const [, ...linked] = [...new Set(tree.split("\n"))];
    return linked.sort().map((line) => {
        const [, name, version] = /^(\S+) v(\S+)/.exec(line);
        return packages.find((it) => it.name === name && it.version === version);
    });
}

/** The licenses of a crate besides the MIT license. */
function otherLicenses({ name, license }) {
    const used = usedLicenses(license);
    if (!used?.includes("MIT")) {
        throw new Failure(`${name} is not available under the MIT license.`);
    }
    return used.filter((it) => it !== "MIT");
}

/** The texts of a crate's license files whose names end with a pattern. */
function texts({ manifest_path }, ending) {
    const folder = dirname(manifest_path);
    const named = new RegExp(`^licen[cs]e${ending}(\\.\\w+)?$`, "i");
    return readdirSync(folder)
        .filter((file) => named.test(file))
        .map((file) => readFileSync(join(folder, file), "utf8"));
}

function holders(crate) {
    const lines = texts(crate, MIT)
        .join("\n")
        .match(/^Copyright .*$/gm);
    return new Set(lines ?? [`Copyright (c) ${crate.authors.join(", ") || crate.name}`]);
}
