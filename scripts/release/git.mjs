import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";

/** The output of git; an error becomes one line. */
export function git(root, args, env = {}) {
    try {
        return execFileSync("git", args, {
            cwd: root,
            encoding: "utf8",
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        }).trim();
    } catch (error) {
        const complaint = String(error.stderr || error.message);
        const line = complaint.split("\n").find((it) => it.trim()) ?? "";
        throw new Failure(`git ${args[0]}: ${line.trim()}`);
    }
}

export function requireCleanTree(root) {
    const changed = git(root, ["status", "--porcelain"]);
    if (changed) {
        const count = changed.split("\n").length;
        throw new Failure(
            `The work tree is not clean: commit or remove what "git status" names (${count}).`,
        );
    }
}

export function requireNewTag(root, tag) {
    if (git(root, ["tag", "--list", tag])) {
        throw new Failure(`There is a tag ${tag} already.`);
    }
}

/** Fails unless the tag is of the checked-out commit. */
export function requireTagHere(root, tag) {
    const tags = git(root, ["tag", "--points-at", "HEAD"]).split("\n");
    if (!tags.includes(tag)) {
        throw new Failure(`What is checked out is not tagged ${tag}.`);
    }
}

/**
 * Makes a commit after the current one with changed texts of some files; returns its id.
 *
 * Branch, work tree and index are not changed.
 */
export function commitAside(root, texts, message) {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    try {
        git(root, ["read-tree", "HEAD"], env);
        for (const [file, text] of texts) {
            const copy = join(folder, "text");
            writeFileSync(copy, text);
            const blob = git(root, ["hash-object", "-w", "--path", file, copy]);
            git(root, ["update-index", "--cacheinfo", `100644,${blob},${file}`], env);
        }
        const tree = git(root, ["write-tree"], env);
        return git(root, ["commit-tree", tree, "-p", "HEAD", "-m", message]);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Makes a new clone with a commit checked out, which may be on no branch. */
export function cloneAt(root, commit, target) {
    rmSync(target, { recursive: true, force: true });
    git(root, ["clone", "--quiet", "--shared", "--no-checkout", root, target]);
    git(target, ["checkout", "--quiet", "--detach", commit]);
}

/** Packs the sources of a commit, identically on every machine. */
export function writeArchive(root, commit, prefix, file) {
    const settings = ["-c", "tar.umask=0022", "-c", "core.autocrlf=false"];
    const args = ["archive", "--format=tar", `--prefix=${prefix}/`, "-o", file, commit];
    git(root, [...settings, ...args]);
}
