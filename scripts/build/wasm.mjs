import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readdirSync,
    rmSync,
    statSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, nodeModules, root, venvPython } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { filesBelow, fingerprint, Stamp } from "../run/stamp.mjs";

const target = join(root, "static", "wasm");
const work = join(cache, "wasm");
const serverWork = join(cache, "wasm-server");
const module = "temp_eta_bg.wasm";
const server = "temp_eta_server.wasm";
const shipped = ["temp_eta.js", "temp_eta.d.ts"];

const compressor = fileURLToPath(new URL("compress.py", import.meta.url));

const TRIPLE = "wasm32-unknown-unknown";

/** A tenth smaller and a twentieth slower than with the usual 225. */
const LITTLE_INLINED = ["-C", "llvm-args=-inline-threshold=50"];

/** For the server's module: the stack is a megabyte otherwise. */
const SMALL_STACK = ["-C", "link-arg=-zstack-size=262144"];

/**
 * What the modules may need of a browser, by LLVM's names. Not "reference-types": Safari 16.0 to
 * 16.3 traps on the table of JavaScript values that wasm-bindgen makes with them.
 */
const FEATURES = [
    ..."bulk-memory bulk-memory-opt call-indirect-overlong multivalue".split(" "),
    ..."mutable-globals nontrapping-fptoint sign-ext".split(" "),
];

/**
 * Rust's standard library is compiled with reference types, and the linker notes that in the
 * module, where wasm-bindgen reads it. So the linker is told to note only our features.
 */
const WITHOUT_REFERENCE_TYPES = [
    ..."-C target-feature=-reference-types".split(" "),
    ...["-C", `link-arg=--features=${FEATURES.join(",")}`],
    ..."-C link-arg=--no-check-features".split(" "),
];

export const wasmOpt = join(nodeModules, "binaryen", "bin", "wasm-opt");

// The same by wasm-opt's names: with more, it uses features that browsers do not have; with
// fewer, it rejects its input.
export const WASM_FEATURES = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/** Functions that differ in a number are one, and all is repeated until nothing more goes. */
const SMALL = ["--merge-similar-functions", "-Oz", "--converge"];

/** Sections that nobody reads any more. */
const STRIPPED = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/** Compiles the crate to static/wasm, for browser and server, unless that is up to date. */
export async function buildWasm({ force = false } = {}) {
    const stamp = await inputs();
    const outputs = [`${module}.gz`, `${server}.gz`, ...shipped];
    if (
        force ||
        !outputs.every((it) => existsSync(join(target, it))) ||
        !stamp.isCurrent
    ) {
        stamp.clear();
        console.log("Compiling the calculation to wasm ...");
        rmSync(target, { recursive: true, force: true });
        mkdirSync(target, { recursive: true });
        await compileForBrowser();
        await compileForServer();
        const files = [module, server].map((name) => join(target, name));
        await logged(venvPython, [compressor, ...files], {
            log: "wasm-gzip",
            failure: "The wasm modules could not be packed.",
        });
        stamp.write();
    }
    for (const name of [module, server]) {
        const size = (it) => `${(statSync(join(target, it)).size / 1000).toFixed(1)} kB`;
        console.log(`${name}: ${size(name)}, ${size(`${name}.gz`)} packed`);
    }
}

async function compileForBrowser() {
    rmSync(work, { recursive: true, force: true });
    // Not straight into static/wasm: wasm-pack leaves more there than may ship.
    const args = ["build", "--target", "web", "--release", "--no-pack"];
    await logged("wasm-pack", [...args, "--out-dir", work, "--out-name", "temp_eta"], {
        env: await rustFlags(),
        log: "wasm-pack",
        failure: "The wasm module could not be compiled.",
    });
    await optimise(join(work, module), join(target, module));
    for (const name of shipped) {
        copyFileSync(join(work, name), join(target, name));
    }
}

/** Plain functions and no imports: there is nothing that wasm-bindgen could add. */
async function compileForServer() {
    const args = ["build", "--lib", "--release", "--target", TRIPLE];
    args.push("--no-default-features", "--features", "server");
    // A folder of its own: cargo's may be elsewhere, and holds other features' module too.
    await logged("cargo", [...args, "--target-dir", serverWork], {
        env: await rustFlags(SMALL_STACK),
        log: "wasm-server",
        failure: "The server's wasm module could not be compiled.",
    });
    const compiled = join(serverWork, TRIPLE, "release", "temp_eta.wasm");
    await optimise(compiled, join(target, server));
}

async function rustFlags(more = []) {
    const flags = [
        ...(await withoutPaths()),
        ...LITTLE_INLINED,
        ...WITHOUT_REFERENCE_TYPES,
        ...more,
    ];
    return { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
}

/** Panic messages name source files; where those lie on this machine is private. */
async function withoutPaths() {
    const cargo = process.env.CARGO_HOME || join(homedir(), ".cargo");
    // With rustup's component rust-src the standard library has a place of its own here;
    // without it, this one.
    const library = join(
        await output("rustc", ["--print", "sysroot"]),
        ...["lib", "rustlib", "src", "rust"],
    );
    const hash = /^commit-hash: (.+)$/m.exec(await output("rustc", ["-vV"]))[1];
    // Cargo names these after where the crates are from.
    const crates = join(cargo, "registry", "src");
    const registries = existsSync(crates) ? readdirSync(crates) : [];
    return Object.entries({
        [cargo]: "cargo",
        ...Object.fromEntries(registries.map((name) => [join(crates, name), "crates"])),
        [root]: "",
        [library]: `/rustc/${hash}`,
    }).map(([place, name]) => `--remap-path-prefix=${place}=${name}`);
}

async function optimise(input, output) {
    const args = [wasmOpt, input, "-o", output, ...SMALL, ...STRIPPED, ...WASM_FEATURES];
    await logged(process.execPath, args, {
        log: "wasm-opt",
        failure: "The wasm module could not be optimised.",
    });
}

/** Everything that decides what the module looks like. */
async function inputs() {
    const files = [
        ...["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml"].map(
            (name) => join(root, name),
        ),
        join(root, "build.rs"),
        ...filesBelow(join(root, "src")),
        join(nodeModules, "binaryen", "package.json"),
        compressor,
        fileURLToPath(import.meta.url),
    ];
    const versions = await Promise.all(
        ["rustc", "wasm-pack", "wasm-bindgen"].map((tool) => output(tool, ["--version"])),
    );
    return new Stamp(join(cache, "wasm.sha256"), fingerprint(files, versions));
}
