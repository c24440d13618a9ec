import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { cache, nodeModules, root } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { filesBelow, fingerprint, Stamp } from "../run/stamp.mjs";

const target = join(root, "static", "wasm");
const work = join(cache, "wasm");
const module = join(target, "temp_eta_bg.wasm");
const shipped = ["temp_eta.js", "temp_eta.d.ts"];

// Exactly what rustc and wasm-bindgen emit today: with more, wasm-opt uses features that
// browsers do not have; with fewer, it rejects its input.
const FEATURES = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/** Compiles the crate to static/wasm, unless that is up to date. */
export async function buildWasm({ force = false } = {}) {
    const stamp = await inputs();
    const outputs = [module, ...shipped.map((name) => join(target, name))];
    const missing = outputs.some((file) => !statSync(file, { throwIfNoEntry: false }));
    if (force || missing || !stamp.isCurrent) {
        stamp.clear();
        await compile();
        await optimise();
        stamp.write();
    }
    const bytes = readFileSync(module);
    const [raw, gzip] = [bytes.length, gzipSync(bytes, { level: 9 }).length];
    console.log(`wasm: ${kilobytes(raw)}, ${kilobytes(gzip)} with gzip`);
}

async function compile() {
    console.log("Compiling the calculation to wasm ...");
    rmSync(work, { recursive: true, force: true });
    // Not straight into static/wasm: wasm-pack leaves more there than may ship.
    const args = ["build", "--target", "web", "--release", "--no-pack"];
    await logged("wasm-pack", [...args, "--out-dir", work, "--out-name", "temp_eta"], {
        env: { CARGO_ENCODED_RUSTFLAGS: withoutPaths().join("\x1f") },
        log: "wasm-pack",
        failure: "The wasm module could not be compiled.",
    });
}

/** Panic messages name source files; where those lie on this machine is nobody's business. */
function withoutPaths() {
    const cargo = process.env.CARGO_HOME || join(homedir(), ".cargo");
    return [`--remap-path-prefix=${cargo}=cargo`, `--remap-path-prefix=${root}=`];
}

async function optimise() {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const input = join(work, "temp_eta_bg.wasm");
    const wasmOpt = join(nodeModules, "binaryen", "bin", "wasm-opt");
    await logged(process.execPath, [wasmOpt, input, "-o", module, "-Oz", ...FEATURES], {
        log: "wasm-opt",
        failure: "The wasm module could not be optimised.",
    });
    for (const name of shipped) {
        copyFileSync(join(work, name), join(target, name));
    }
}

/** Everything that decides what the module looks like. */
async function inputs() {
    const files = [
        ...["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml"].map(
            (name) => join(root, name),
        ),
        ...filesBelow(join(root, "src")),
        join(nodeModules, "binaryen", "package.json"),
        fileURLToPath(import.meta.url),
    ];
    const versions = await Promise.all(
        ["rustc", "wasm-pack", "wasm-bindgen"].map((tool) => output(tool, ["--version"])),
    );
    return new Stamp(join(cache, "wasm.sha256"), fingerprint(files, versions));
}

function kilobytes(bytes) {
    return `${(bytes / 1000).toFixed(1)} kB`;
}
