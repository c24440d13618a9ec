import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

const TARGET = "wasm32-unknown-unknown";

/** The standard library, which comes with the compiler. */
const STANDARD = {
    name: "Rust's standard library",
    license: "MIT OR Apache-2.0",
    holders: ["Copyright (c) The Rust Project Contributors"],
};

/**
 * The notices of third-party code in the plugin's wasm modules and in wasm-bindgen's script.
 */
export async function notices() {
    const args = ["metadata", "--format-version", "1", "--locked", "--all-features"];
    const metadata = await output("cargo", [...args, "--filter-platform", TARGET]);
    if (!metadata) throw new Failure("cargo does not name the crates (cargo metadata).");
    const crates = [...linked(JSON.parse(metadata)).map(described), STANDARD];
    for (const { name, license } of crates) {
        if (!/\bMIT\b/.test(license)) {
            throw new Failure(
                `${name} is not to be had under the MIT licence: ${license}.`,
            );
        }
    }
    const list = crates.map(({ name, holders }) => [name, ...holders].join("\n    "));
    return [
        "Parts of this plugin's WebAssembly modules, and of the script that loads them, are\n" +
            "compiled from these packages. Each of them is used under the MIT licence below.",
        ...list,
        MIT,
        "",
    ].join("\n\n");
}

/** The crates whose code is in the modules, without macros and test dependencies. */
function linked({ packages, resolve }) {
    const byId = new Map(packages.map((it) => [it.id, it]));
    const nodes = new Map(resolve.nodes.map((it) => [it.id, it]));
    const found = new Set();
    const visit = (id) => {
        const isMacro = byId
            .get(id)
            .targets.some(({ kind }) => kind.includes("proc-macro"));
        if (isMacro || found.has(id)) return;
        found.add(id);
        for (const { pkg, dep_kinds } of nodes.get(id).deps) {
            if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
        }
    };
    visit(resolve.root);
    found.delete(resolve.root);
    return [...found]
        .map((id) => byId.get(id))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function described({ name, version, license, authors, manifest_path }) {
    const folder = dirname(manifest_path);
    const files = readdirSync(folder).filter((it) =>
        /^licen[cs]e(-mit)?(\.\w+)?$/i.test(it),
    );
    const texts = files.map((it) => readFileSync(join(folder, it), "utf8"));
    const lines = texts.join("\n").match(/^Copyright .*$/gm) ?? [];
    const holders = lines.length
        ? lines
        : [`Copyright (c) ${authors.join(", ") || name}`];
    return { name: `${name} ${version}`, license, holders: [...new Set(holders)] };
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without
restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
