import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onWindows, root, tools } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

const WASM_PACK = "0.15.1";

/** Without optimization: it would take minutes for tools that run for seconds. */
const UNOPTIMISED = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "0" };

/** Installs wasm-pack, and wasm-bindgen in the version of the crate. */
export async function installWasmTools() {
    const bindgen = wasmBindgenVersion();
    await Promise.all([
        install({
            crate: "wasm-pack",
            program: "wasm-pack",
            version: WASM_PACK,
            fits: (version) => atLeast(version, [0, 13]),
        }),
        install({
            crate: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version: bindgen,
            fits: (version) => version === bindgen,
        }),
    ]);
}

/** The version of wasm-bindgen in Cargo.lock. */
export function wasmBindgenVersion() {
    const file = join(root, "Cargo.lock");
    const lock = existsSync(file) ? readFileSync(file, "utf8") : "";
    const version = /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(lock)?.[1];
    if (!version) {
        throw new Failure("Cargo.lock does not name a version of wasm-bindgen.");
    }
    return version;
}

async function install({ crate, program, version, fits }) {
    // This folder is first on PATH, so a wrong version in it hides a right one elsewhere.
    const ours = join(tools, "bin", onWindows ? `${program}.exe` : program);
    const found = await versionOf(existsSync(ours) ? ours : program);
    if (found && fits(found)) {
        return;
    }
    console.log(`Compiling ${crate} ${version} (once, a minute or two) ...`);
    const args = ["install", crate, "--version", version, "--root", tools];
    const failure = `${crate} ${version} could not be installed.`;
    const how = { log: crate, failure, env: UNOPTIMISED };
    try {
        await logged("cargo", [...args, "--locked"], how);
    } catch {
        // Without --locked, as its lock file may have unavailable releases.
        await logged("cargo", args, how);
    }
}

async function versionOf(program) {
    return (await output(program, ["--version"]))?.split(" ")[1];
}

function atLeast(version, [major, minor]) {
    const [foundMajor, foundMinor] = version.split(".").map(Number);
    return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
