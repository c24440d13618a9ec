import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { contentHash } from "../run/stamp.mjs";
import { checkBundled } from "../third-party/licenses.mjs";
import { OLDEST_BROWSERS, TARGETS } from "./browsers.mjs";

const source = join(root, "static");
const built = join(source, "built");

/** These and what they import get a content hash in their names, so that builds do not mix. */
const MODULES = ["app", "settings_pane"];

/** OctoPrint bundles these with those of all plugins. */
export const CLASSIC = ["temperature_tab", "temp_eta", "temp_eta_settings"];

/**
 * What classic scripts may contain: the JavaScript of OctoPrint's own scripts, and the import of
 * our modules. A browser that cannot parse one plugin's script runs those of none.
 */
export const CLASSIC_SYNTAX = {
    target: "es2018",
    supported: { "dynamic-import": true },
};

/** Writes static/built: what the browser gets, and the server's wasm. */
export async function buildPage() {
    rmSync(built, { recursive: true, force: true });
    mkdirSync(built, { recursive: true });
    const wasm = `temp_eta-${contentHash(readFileSync(packed("temp_eta_bg")))}.wasm.gz`;
    copyFileSync(packed("temp_eta_bg"), join(built, wasm));
    copyFileSync(packed("temp_eta_server"), join(built, "temp_eta_server.wasm.gz"));
    const scripts = (names) => names.map((name) => join(source, "js", `${name}.js`));
    await run({
        entryPoints: scripts(MODULES),
        bundle: true,
        splitting: true,
        format: "esm",
        entryNames: "[name]-[hash]",
        chunkNames: "shared-[hash]",
        // The default address in wasm-bindgen's script is never used.
        define: { WASM_FILE: JSON.stringify(wasm) },
    });
    await run({
        entryPoints: scripts(CLASSIC),
        ...CLASSIC_SYNTAX,
        define: { OLDEST_BROWSERS: JSON.stringify(OLDEST_BROWSERS) },
        // OctoPrint finds view models by the names of their functions.
        minifyIdentifiers: false,
    });
    await run({ entryPoints: [join(source, "css", "temp_eta.css")] });
}

async function run(options) {
    const { warnings, metafile } = await build({
        absWorkingDir: root,
        metafile: true,
        outdir: built,
        entryNames: "[name]",
        minifyIdentifiers: true,
        minifySyntax: true,
        minifyWhitespace: true,
        charset: "utf8",
        legalComments: "none",
        target: TARGETS,
        logLevel: "warning",
        ...options,
    });
    if (warnings.length)
        throw new Failure("The page's scripts have warnings, see above.");
    checkBundled(metafile, readFileSync(join(root, "THIRD-PARTY.txt"), "utf8"));
}

function packed(name) {
    return join(source, "wasm", `${name}.wasm.gz`);
}
