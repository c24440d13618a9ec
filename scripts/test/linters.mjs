import { join } from "node:path";
import { nodeModules, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";

const biome = join(nodeModules, "@biomejs", "biome", "bin", "biome");
const tsc = join(nodeModules, "typescript", "bin", "tsc");
const clippy = ["clippy", "--quiet"];
const strict = ["--", "--deny", "warnings"];
// The other tests in tests/ need a host: proptest does not compile for wasm.
const wasm = ["--target", "wasm32-unknown-unknown"];
const forBrowser = ["--lib", "--test", "web", ...wasm];
const forServer = ["--lib", "--no-default-features", "--features", "server", ...wasm];

const fuzzers = ["--manifest-path", join("fuzz", "Cargo.toml")];

const LINTERS = [
    ["cargo", ["fmt", "--check"]],
    ["cargo", ["fmt", "--check", ...fuzzers]],
    ["cargo", [...clippy, "--all-targets", ...strict]],
    ["cargo", [...clippy, ...forBrowser, ...strict]],
    ["cargo", [...clippy, ...forServer, ...strict]],
    ["cargo", [...clippy, "--all-targets", ...fuzzers, ...strict]],
    [venvPython, ["-m", "ruff", "check"]],
    [venvPython, ["-m", "ruff", "format", "--check"]],
    [process.execPath, [biome, "check", "--error-on-warnings"]],
    [process.execPath, [tsc, "-p", "tsconfig.json"]],
];

const FORMATTERS = [
    ["cargo", ["fmt"]],
    ["cargo", ["fmt", ...fuzzers]],
    [venvPython, ["-m", "ruff", "check", "--fix"]],
    [venvPython, ["-m", "ruff", "format"]],
    [process.execPath, [biome, "check", "--write"]],
];

/** Runs every linter, also after one failed; returns how many passed and failed. */
export async function lint() {
    return runAll(LINTERS);
}

/** Lets the same tools write what they would otherwise complain about. */
export async function format() {
    return runAll(FORMATTERS);
}

async function runAll(commands) {
    const counts = { passed: 0, failed: 0, tests: [] };
    for (const [program, args] of commands) {
        const { code } = await shown(program, args);
        counts[code === 0 ? "passed" : "failed"]++;
    }
    return counts;
}
