import { existsSync } from "node:fs";
import { join } from "node:path";
import { onWindows, tools } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";

const VERSION = "0.13.2";

/** Installs cargo-fuzz and nightly Rust, which has coverage instrumentation. */
export async function installFuzzer() {
    await checkPrerequisites();
    if (!(await output("rustup", ["run", "nightly", "rustc", "--version"]))) {
        console.log("Installing the nightly Rust ...");
        await logged(
            "rustup",
            ["toolchain", "install", "nightly", "--profile", "minimal"],
            {
                log: "rust-nightly",
                failure:
                    "The nightly Rust could not be installed (rustup toolchain install).",
            },
        );
    }
    const program = join(tools, "bin", onWindows ? "cargo-fuzz.exe" : "cargo-fuzz");
    if (existsSync(program)) return;
    console.log(`Compiling cargo-fuzz ${VERSION} (once, a minute) ...`);
    const args = ["install", "cargo-fuzz", "--version", VERSION, "--root", tools];
    await logged("cargo", [...args, "--locked"], {
        log: "cargo-fuzz",
        failure: `cargo-fuzz ${VERSION} could not be installed.`,
    });
}
