import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { findPython, installPythonPackages } from "./python-packages.mjs";
import {
    installRustLinters,
    installToolchain,
    installWasmTarget,
    installWasmTools,
} from "./rust.mjs";

export function checkNode() {
    if (Number(process.versions.node.split(".")[0]) < 20) {
        throw new Failure(
            `Node.js ${process.versions.node} is too old: install version 20 or newer, then run this again.`,
        );
    }
}

/** Checks for programs that the scripts cannot install. */
export async function checkPrerequisites() {
    if (!(await output("git", ["--version"]))) {
        throw new Failure("git is missing: install it, then run this again.");
    }
    await installToolchain();
    const version = await output("rustc", ["--version"]);
    if (!version || !(await output("cargo", ["--version"]))) {
        throw new Failure(
            "Rust is missing: install it with rustup (https://rustup.rs), then run this again.",
        );
    }
    const minor = (text) => Number(/\b1\.(\d+)/.exec(text)?.[1]);
    const cargoToml = readFileSync(join(root, "Cargo.toml"), "utf8");
    const oldest = /^rust-version = "(.+)"$/m.exec(cargoToml)[1];
    if (minor(version) < minor(oldest)) {
        throw new Failure(
            `${version} is too old: run "rustup update" (${oldest} or newer), then run this again.`,
        );
    }
    await findPython();
}

/** Installs everything that is needed to build and run the plugin. */
export async function setUpBuild() {
    await checkPrerequisites();
    await installWasmTarget();
    // In parallel, as one compiles and the other downloads.
    await Promise.all([installWasmTools(), installPythonPackages()]);
}

/** Installs everything that the formatters need. */
export async function setUpFormatters() {
    await checkPrerequisites();
    await installRustLinters();
    await installPythonPackages();
}
