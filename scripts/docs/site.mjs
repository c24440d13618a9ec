import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { published } from "../address.mjs";
import { buildPlugin } from "../build/plugin.mjs";
import { pythonOf, root } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installDocsTools } from "../setup/docs.mjs";
import { checkLinks } from "./links.mjs";
import { buildTry } from "./try.mjs";

const site = join(root, "site");

/** The target has the browser's bindings, too, and the feature those of the server. */
const WASM = ["--target", "wasm32-unknown-unknown", "--features", "server"];
const rustdoc = join(root, "target", WASM[1], "doc");

/** rustdoc makes a page for each crate, and none above them. */
const FORWARD = '<meta http-equiv="refresh" content="0; url=temp_eta/index.html">\n';

/** Builds the pages, the replay and the documentation of the Rust code; returns the folder. */
export async function buildSite() {
    await buildPlugin();
    const python = pythonOf(await installDocsTools());
    await succeeds(python, ["-m", "mkdocs", "build", "--strict"], {
        TEMP_ETA_REPO_URL: published(),
        // An advertisement of its successor is no warning about our pages.
        NO_MKDOCS_2_WARNING: "1",
    });
    await buildTry(site);
    await documentRust();
    cpSync(rustdoc, join(site, "rust"), { recursive: true });
    writeFileSync(join(site, "rust", "index.html"), FORWARD);
    checkLinks(site);
    return relative(root, site);
}

async function documentRust() {
    // What an earlier build has left would be published as well.
    rmSync(rustdoc, { recursive: true, force: true });
    const args = [
        "doc",
        "--quiet",
        "--no-deps",
        "--lib",
        ...WASM,
        "--document-private-items",
    ];
    await succeeds("cargo", args, { RUSTDOCFLAGS: "--deny warnings" });
}

async function succeeds(program, args, env) {
    const { code } = await shown(program, args, { env });
    if (code !== 0) throw new Failure("The documentation has a fault; see above.");
}
