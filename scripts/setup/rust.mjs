import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

const TARGET = "wasm32-unknown-unknown";

/** The version of Rust in rust-toolchain.toml. */
export function pinnedRust() {
    const text = readFileSync(join(root, "rust-toolchain.toml"), "utf8");
    return /^channel = "(.+)"$/m.exec(text)[1];
}

/** Installs the Rust of rust-toolchain.toml if rustup does not do so automatically. */
export async function installToolchain() {
    const listed = await output("rustup", ["toolchain", "list", "--quiet"]);
    if (!listed || (await output("rustc", ["--version"]))) {
        return;
    }
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
    console.log(`Installing Rust ${channel} ...`);
    const args = ["toolchain", "install", channel, "--profile", "minimal"];
    try {
        await logged("rustup", args, { log: "rust-toolchain", failure: "" });
    } catch {
        console.log(
            `Rust ${channel} is not to be had, ${others[0]} builds a wasm of other bytes.`,
        );
        process.env.RUSTUP_TOOLCHAIN = others[0];
    }
}

/** Installs Rust's standard library for wasm, which is not part of the default installation. */
export async function installWasmTarget() {
    const sysroot = await output("rustc", ["--print", "sysroot"]);
    if (sysroot && existsSync(join(sysroot, "lib", "rustlib", TARGET, "lib"))) {
        return;
    }
    await needRustup(`Rust's target ${TARGET}`);
    console.log("Installing Rust's standard library for wasm ...");
    await logged("rustup", ["target", "add", TARGET], {
        log: "rust-wasm-target",
        failure: `Rust's target ${TARGET} could not be installed (rustup target add ${TARGET}).`,
    });
}

/** Installs rustfmt and clippy, which rustup's minimal profile does not contain. */
export async function installRustLinters() {
    const missing = [];
    for (const [component, command] of [
        ["rustfmt", "fmt"],
        ["clippy", "clippy"],
    ]) {
        if ((await output("cargo", [command, "--version"])) === null) {
            missing.push(component);
        }
    }
    if (!missing.length) {
        return;
    }
    await needRustup(missing.join(" and "));
    console.log(`Installing ${missing.join(" and ")} ...`);
    await logged("rustup", ["component", "add", ...missing], {
        log: "rust-linters",
        failure: `${missing.join(" and ")} could not be installed (rustup component add).`,
    });
}

async function needRustup(what) {
    if (!(await output("rustup", ["--version"]))) {
        throw new Failure(
            `${what} is missing and rustup is not there to add it: install Rust with rustup (https://rustup.rs), then run this again.`,
        );
    }
}
