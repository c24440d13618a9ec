import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";
import { parseVersion, released, releaseNotes } from "./texts.mjs";

/**
 * Makes a new version; everything is checked and built before anything is changed.
 *
 * @param {object} options
 * @param {string} options.root The checkout.
 * @param {string} options.wanted The version, as typed.
 * @param {string} options.date Of today, as in 2026-11-25.
 * @param {boolean} options.commit Whether branch and tag get it.
 * @param {(what: {commit: string, version: string, notes: string}) => Promise<void>}
 *     options.build Makes the files to publish from a commit.
 * @returns {Promise<{version: string, commit: string}>}
 */
export async function release({ root, wanted, date, commit, build }) {
    const version = parseVersion(wanted);
    requireCleanTree(root);
    if (git(root, "tag", "--list", version)) {
        throw new Failure(`There is a tag ${version} already.`);
    }
    const texts = released(root, version, date);
    const made = commitAside(root, texts, version);
    await build({ ...made, version });
    if (commit) {
        git(root, "merge", "--quiet", "--ff-only", made.commit);
        git(root, "tag", "--annotate", "--message", version, version, made.commit);
    }
    return { version, commit: made.commit };
}

/** Builds a tagged version, if the project has that version. */
export async function checkRelease({ root, tag, build }) {
    const version = parseVersion(tag);
    if (tag !== version) throw new Failure(`The tag must read ${version}, not ${tag}.`);
    requireCleanTree(root);
    if (!git(root, "tag", "--points-at", "HEAD").split("\n").includes(tag)) {
        throw new Failure(`What is checked out is not tagged ${tag}.`);
    }
    const notes = releaseNotes(root, version);
    const commit = git(root, "rev-parse", "HEAD");
    await build({ commit, version, notes });
    return { version, commit };
}

function requireCleanTree(root) {
    const changed = git(root, "status", "--porcelain");
    if (changed) {
        const count = changed.split("\n").length;
        throw new Failure(
            `The work tree is not clean: commit or remove what "git status" names (${count}).`,
        );
    }
}

/** Commits new texts of some files in a work tree of its own: no branch gets the commit. */
function commitAside(root, texts, version) {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    try {
        const quietly = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false"];
        const add = ["worktree", "add", "--quiet", "--detach", folder, "HEAD"];
        git(root, ...quietly, ...add);
        for (const [file, text] of Object.entries(texts)) {
            writeFileSync(join(folder, file), text);
        }
        const args = ["commit", "--quiet", "--all", "--message", `release: ${version}`];
        git(folder, ...quietly, ...args);
        const notes = releaseNotes(folder, version);
        return { commit: git(folder, "rev-parse", "HEAD"), notes };
    } finally {
        rmSync(folder, { recursive: true, force: true });
        git(root, "worktree", "prune");
    }
}

/** Makes a new clone with a commit checked out, which may be on no branch. */
export function cloneAt(root, commit, target) {
    rmSync(target, { recursive: true, force: true });
    git(root, "clone", "--quiet", "--shared", "--no-checkout", root, target);
    git(target, "checkout", "--quiet", "--detach", commit);
}

/** Packs the sources of a commit, identically on every machine. */
export function writeArchive(root, commit, prefix, file) {
    const settings = ["-c", "tar.umask=0022", "-c", "core.autocrlf=false"];
    const format = ["--format=tar", `--prefix=${prefix}/`];
    git(root, ...settings, "archive", ...format, "-o", file, commit);
}

/** The output of git; an error becomes one line. */
function git(root, ...args) {
    try {
        const options = {
            cwd: root,
            encoding: "utf8",
            stdio: ["ignore", "pipe", "pipe"],
        };
        return execFileSync("git", args, options).trim();
    } catch (error) {
        const complaint = String(error.stderr || error.message);
        const line = complaint.split("\n").find((it) => it.trim()) ?? "";
        throw new Failure(`git ${args[0]}: ${line.trim()}`);
    }
}
