import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, dist, pythonOf, root, tools } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { checkPrerequisites } from "../setup/prerequisites.mjs";
import { pinnedRust } from "../setup/rust.mjs";
import { cloneAt, writeArchive } from "./release.mjs";

const folder = join(cache, "release");
const packer = fileURLToPath(new URL("../build/compress.py", import.meta.url));

/**
 * Writes the files to publish for a commit to dist/, built twice in new clones, whose paths must
 * make no difference.
 */
export async function buildFiles({ commit, version, notes }) {
    await checkPrerequisites();
    requireToolchain(await output("rustc", ["--version"]));
    const clones = ["first", "second, elsewhere"].map((name) => join(folder, name));
    for (const clone of clones) {
        await buildIn(clone, commit);
    }
    requireSame(...clones);
    rmSync(dist, { recursive: true, force: true });
    cpSync(join(clones[0], "dist"), dist, { recursive: true });
    const python = pythonOf(join(clones[0], ".venv"));
    await packSources(commit, version, python);
    const published = filesBelow(dist);
    // Different builds are kept for comparison.
    rmSync(folder, { recursive: true });
    writeFileSync(join(dist, "SHA256SUMS"), sums(published));
    writeFileSync(join(dist, "NOTES.md"), `${notes}\n`);
    console.log(`\n${sums(published)}`);
}

/** Fails unless rustc's `version` is that of rust-toolchain.toml. */
export function requireToolchain(version) {
    const channel = pinnedRust();
    if (!version?.startsWith(`rustc ${channel} `)) {
        throw new Failure(
            `A release is built with Rust ${channel}, and this is ${version ?? "none"}.`,
        );
    }
}

async function buildIn(clone, commit) {
    console.log("Building from a fresh clone (some minutes) ...");
    cloneAt(root, commit, clone);
    await logged(process.execPath, [join("scripts", "main.mjs"), "package"], {
        cwd: clone,
        // Uses the tools of this checkout instead of compiling them again.
        env: { TEMP_ETA_TOOLS: tools, CARGO_TARGET_DIR: join(clone, "target") },
        log: "release-clone",
        failure: "The release cannot be built from what git has.",
    });
}

/** Fails unless the builds of two checkouts are identical. */
export function requireSame(first, second) {
    const built = (clone) =>
        [join("static", "built"), "dist"]
            .flatMap((name) => filesBelow(join(clone, name)))
            .map((file) => relative(clone, file));
    for (const name of new Set([...built(first), ...built(second)])) {
        const [one, other] = [first, second].map((clone) => join(clone, name));
        const same =
            [one, other].every(existsSync) &&
            readFileSync(one).equals(readFileSync(other));
        if (!same) {
            throw new Failure(
                `${name} comes out differently: compare ${one} and ${other}.`,
            );
        }
    }
}

/** Packs the sources, as the licence requires; the zip does not contain them. */
async function packSources(commit, version, python) {
    const name = `OctoPrint-TempETA-${version}`;
    const archive = join(dist, `${name}-source.tar`);
    writeArchive(root, commit, name, archive);
    await logged(python, [packer, archive], {
        log: "release-source",
        failure: "The sources could not be packed.",
    });
    rmSync(archive);
}

/** Checksums in the format of `sha256sum`. */
export function sums(files) {
    const line = (file) => {
        const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
        return `${hash}  ${basename(file)}\n`;
    };
    return files.map(line).join("");
}
