import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { version } from "../package/artefacts.mjs";
import { root } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installVenv } from "../setup/python-packages.mjs";
import { buildTry } from "./try.mjs";

const site = join(root, "site");

/** The target has the browser's bindings, too, and the feature those of the server. */
const WASM = ["--target", "wasm32-unknown-unknown", "--features", "server"];
const rustdoc = join(root, "target", WASM[1], "doc");

/** rustdoc makes a page for each crate, and none above them. */
const FORWARD = '<meta http-equiv="refresh" content="0; url=temp_eta/index.html">\n';

/**
 * mkdocs checks links between its pages; this checks all of the built site. rustdoc checks its own
 * links, and 404.html is served at any path.
 */
const CHECK_LINKS = [
    ...["--offline", "--include-fragments", "--index-files", "index.html"],
    ...["--exclude-path", "^site/rust/", "--exclude-path", "^site/404.html$"],
    ...["--no-progress", "--root-dir", site, "site/**/*.html"],
];

/**
 * Builds the pages, the replay with the built plugin, and the documentation of the Rust code;
 * returns the folder.
 */
export async function buildSite() {
    const python = await installVenv("docs");
    await succeeds(python, ["-m", "mkdocs", "build", "--strict"], {
        TEMP_ETA_REPO_URL: published(),
        // An advertisement of its successor is no warning about our pages.
        NO_MKDOCS_2_WARNING: "1",
    });
    await buildTry(site);
    await documentRust();
    cpSync(rustdoc, join(site, "rust"), { recursive: true });
    writeFileSync(join(site, "rust", "index.html"), FORWARD);
    await succeeds(join(dirname(python), "lychee"), CHECK_LINKS);
    return relative(root, site);
}

/** The project's address; "" while it is only a placeholder, a name reserved by RFC 2606. */
function published() {
    const text = readFileSync(join(root, "pyproject.toml"), "utf8");
    const [, address] = /^\[project\.urls\]\nHomepage = "([^"]+)"$/m.exec(text);
    return /\.(invalid|example|test)$/.test(new URL(address).hostname) ? "" : address;
}

async function documentRust() {
    // What an earlier build has left would be published as well.
    rmSync(rustdoc, { recursive: true, force: true });
    const args = ["doc", "--quiet", "--no-deps", "--lib", "--document-private-items"];
    await succeeds("cargo", [...args, ...WASM], {
        RUSTDOCFLAGS: `--deny warnings --crate-version ${version()}`,
    });
}

async function succeeds(program, args, env) {
    const { code } = await shown(program, args, { env });
    if (code !== 0) throw new Failure("The documentation has a fault; see above.");
}
