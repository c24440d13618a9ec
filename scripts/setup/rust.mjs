import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onWindows, root, tools } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

const TARGET = "wasm32-unknown-unknown";
const WASM_PACK = "0.15.1";
const CARGO_FUZZ = "0.13.2";
const CARGO_AUDIT = "0.22.2";

/** A value in one of the project's files. */
const read = (file, pattern) => pattern.exec(readFileSync(join(root, file), "utf8"))[1];

/** The version of Rust in rust-toolchain.toml. */
export const pinnedRust = () => read("rust-toolchain.toml", /^channel = "(.+)"$/m);

/** Installs the Rust of rust-toolchain.toml if rustup does not do so automatically. */
export async function installToolchain() {
    const listed = await output("rustup", ["toolchain", "list", "--quiet"]);
    if (!listed || (await output("rustc", ["--version"]))) return;
    const channel = pinnedRust();
    const others = listed.split("\n");
    for (const name of others) {
        const version = await output("rustup", ["run", name, "rustc", "--version"]);
        if (version?.startsWith(`rustc ${channel} `)) {
            // The same version under another name.
            process.env.RUSTUP_TOOLCHAIN = name;
            return;
        }
    }
    try {
        await rustup(`Rust ${channel}`, "toolchain", "install", channel, ...MINIMAL);
    } catch {
        console.log(
            `Rust ${channel} is unavailable; ${others[0]} builds a different binary.`,
        );
        process.env.RUSTUP_TOOLCHAIN = others[0];
    }
}

const MINIMAL = ["--profile", "minimal"];

/** Installs Rust's standard library for wasm, which is not part of the default installation. */
export async function installWasmTarget() {
    const sysroot = await output("rustc", ["--print", "sysroot"]);
    if (sysroot && existsSync(join(sysroot, "lib", "rustlib", TARGET, "lib"))) return;
    await rustup("Rust's standard library for wasm", "target", "add", TARGET);
}

/** Installs rustfmt and clippy, which rustup's minimal profile does not contain. */
export async function installRustLinters() {
    for (const [component, command] of [
        ["rustfmt", "fmt"],
        ["clippy", "clippy"],
    ]) {
        if ((await output("cargo", [command, "--version"])) === null) {
            await rustup(component, "component", "add", component);
        }
    }
}

/** Installs cargo-fuzz and nightly Rust, which has coverage instrumentation. */
export async function installFuzzer() {
    if (!(await output("rustup", ["run", "nightly", "rustc", "--version"]))) {
        await rustup("the nightly Rust", "toolchain", "install", "nightly", ...MINIMAL);
    }
    if (!existsSync(toolPath("cargo-fuzz"))) await compile("cargo-fuzz", CARGO_FUZZ);
}

/** Installs cargo-audit, which compares lock files with RustSec's advisories. */
export async function installAuditor() {
    if (existsSync(toolPath("cargo-audit"))) return;
    await compile("cargo-audit", CARGO_AUDIT);
}

async function rustup(what, ...args) {
    console.log(`Installing ${what} ...`);
    if (!(await output("rustup", ["--version"]))) {
        throw new Failure(
            `${what} is missing and rustup is not there to add it: install Rust with rustup (https://rustup.rs), then run this again.`,
        );
    }
    await logged("rustup", args, {
        log: `rustup-${args[0]}`,
        failure: `${what} could not be installed (rustup ${args.join(" ")}).`,
    });
}

/** Installs wasm-pack, and wasm-bindgen in the version of the crate. */
export async function installWasmTools() {
    const bindgen = read("Cargo.lock", /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/);
    const [pack, cli] = await Promise.all(["wasm-pack", "wasm-bindgen"].map(versionOf));
    const [major, minor] = (pack ?? "0.0").split(".").map(Number);
    await Promise.all([
        major > 0 || minor >= 13 || compile("wasm-pack", WASM_PACK),
        cli === bindgen || compile("wasm-bindgen-cli", bindgen),
    ]);
}

const toolPath = (name) => join(tools, "bin", onWindows ? `${name}.exe` : name);

/** The version of a tool: the folder is first on PATH, so ours hides one elsewhere. */
async function versionOf(program) {
    const ours = toolPath(program);
    const text = await output(existsSync(ours) ? ours : program, ["--version"]);
    return text?.split(" ")[1];
}

async function compile(crate, version) {
    console.log(`Compiling ${crate} ${version} (once, a minute or two) ...`);
    const args = ["install", crate, "--version", version, "--root", tools];
    const how = {
        log: crate,
        failure: `${crate} ${version} could not be installed.`,
        // Optimizing takes minutes, for tools that run for seconds.
        env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: "0" },
    };
    try {
        await logged("cargo", [...args, "--locked"], how);
    } catch {
        // Its lock file may have unavailable releases.
        await logged("cargo", args, how);
    }
}
