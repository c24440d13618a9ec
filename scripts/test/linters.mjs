import { join } from "node:path";
import { nodeModules, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { crash, NOTHING, sum } from "./reports.mjs";

const biome = join(nodeModules, "@biomejs", "biome", "bin", "biome");
const tsc = join(nodeModules, "typescript", "bin", "tsc");
const node = process.execPath;

// The other tests in tests/ need a host: proptest does not compile for wasm.
const WASM = "--target wasm32-unknown-unknown";
const CLIPPY = [
    "--all-targets",
    `--lib --test web ${WASM}`,
    `--lib --no-default-features --features server ${WASM}`,
    "--all-targets --manifest-path fuzz/Cargo.toml",
];

const LINTERS = [
    ["cargo", "fmt --check"],
    ["cargo", "fmt --check --manifest-path fuzz/Cargo.toml"],
    ...CLIPPY.map((what) => ["cargo", `clippy --quiet ${what} -- --deny warnings`]),
    [venvPython, "-m ruff check"],
    [venvPython, "-m ruff format --check"],
    [node, "check --error-on-warnings", biome],
    [node, "-p tsconfig.json", tsc],
];

const FORMATTERS = [
    ["cargo", "fmt"],
    ["cargo", "fmt --manifest-path fuzz/Cargo.toml"],
    [venvPython, "-m ruff check --fix"],
    [venvPython, "-m ruff format"],
    [node, "check --write", biome],
];

/** Runs every linter, also after one failed; returns how many passed and failed. */
export const lint = () => runAll(LINTERS);

/** Lets the same tools write what they would otherwise complain about. */
export const format = () => runAll(FORMATTERS);

async function runAll(commands) {
    const results = [];
    for (const [program, args, ...script] of commands) {
        const { code, text } = await shown(program, [...script, ...args.split(" ")]);
        results.push(code === 0 ? { ...NOTHING, passed: 1 } : crash(args, text));
    }
    return sum(results);
}
