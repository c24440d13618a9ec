import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildArtefacts } from "../package/artefacts.mjs";
import { cache, dist, root, tools, venvPython } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { cloneAt, writeArchive } from "./git.mjs";

const clone = join(cache, "release", "OctoPrint-TempETA");
const packer = fileURLToPath(new URL("../build/pack.py", import.meta.url));

/** Writes to dist/ what is published of a commit, which the work tree must equal. */
export async function buildFiles({ commit, version, notes }) {
    const { zipFile, wheelFile } = await buildArtefacts();
    const published = [zipFile, wheelFile];
    await buildAgain(commit);
    requireSame([...filesBelow(join(root, "static", "built")), ...published]);
    // Where they differ, it stays for a comparison.
    rmSync(clone, { recursive: true });
    published.push(await packSources(commit, version.python));
    writeFileSync(join(dist, "SHA256SUMS"), sums(published));
    writeFileSync(join(dist, "NOTES.md"), `${notes}\n`);
    console.log(`\n${sums(published)}`);
}

/** A fresh clone has what git has, and lies elsewhere: neither may make a difference. */
async function buildAgain(commit) {
    console.log("Building the same from a fresh clone (some minutes) ...");
    cloneAt(root, commit, clone);
    await logged(process.execPath, [join("scripts", "package.mjs")], {
        cwd: clone,
        // The tools are the same as here, so they need not be compiled again.
        env: { TEMP_ETA_TOOLS: tools, CARGO_TARGET_DIR: join(clone, "target") },
        log: "release-clone",
        failure: "The release cannot be built from what git has.",
    });
}

function requireSame(files) {
    for (const file of files) {
        const other = join(clone, relative(root, file));
        const same = existsSync(other) && readFileSync(file).equals(readFileSync(other));
        if (!same) {
            throw new Failure(
                `${basename(file)} comes out differently from a fresh clone: compare ${file} and ${other}.`,
            );
        }
    }
}

/** The licence asks for the sources of what is built; the zip does not hold them. */
async function packSources(commit, version) {
    const name = `OctoPrint-TempETA-${version}`;
    const archive = join(dist, `${name}-source.tar`);
    writeArchive(root, commit, name, archive);
    await logged(venvPython, [packer, archive], {
        log: "release-source",
        failure: "The sources could not be packed.",
    });
    rmSync(archive);
    return `${archive}.gz`;
}

/** As `sha256sum` writes and checks them. */
export function sums(files) {
    const line = (file) => {
        const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
        return `${hash}  ${basename(file)}\n`;
    };
    return files.map(line).join("");
}
