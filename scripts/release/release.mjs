import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";
import { CHANGELOG, notesOf, releasedChangelog } from "./changelog.mjs";
import {
    commitAside,
    git,
    requireCleanTree,
    requireNewTag,
    requireTagHere,
} from "./git.mjs";
import { parseVersion, requireVersionEverywhere, withVersion } from "./version.mjs";

/**
 * Makes a new version; everything is checked and built before anything is changed.
 *
 * @param {object} options
 * @param {string} options.root The checkout.
 * @param {string} options.wanted The version, as typed.
 * @param {string} options.date Of today, as in 2026-11-25.
 * @param {boolean} options.commit Whether branch and tag get it.
 * @param {(what: {commit: string, version: object, notes: string}) => Promise<void>}
 *     options.build Makes the files to publish from a commit.
 * @returns {Promise<{version: object, commit: string}>}
 */
export async function release({ root, wanted, date, commit, build }) {
    const version = parseVersion(wanted);
    requireCleanTree(root);
    requireNewTag(root, version.python);
    const texts = withVersion(root, version);
    texts.set(CHANGELOG, releasedChangelog(changelog(root), version.python, date));
    const id = commitAside(root, texts, `release: ${version.python}`);
    const notes = notesOf(texts.get(CHANGELOG), version.python);
    await build({ commit: id, version, notes });
    if (commit) {
        git(root, ["merge", "--quiet", "--ff-only", id]);
        git(root, ["tag", "--annotate", "--message", version.python, version.python, id]);
    }
    return { version, commit: id };
}

/** Builds a tagged version, if all files have that version. */
export async function checkRelease({ root, tag, build }) {
    const version = parseVersion(tag);
    if (tag !== version.python) {
        throw new Failure(`The tag must read ${version.python}, not ${tag}.`);
    }
    requireCleanTree(root);
    requireTagHere(root, tag);
    requireVersionEverywhere(root, version);
    const notes = notesOf(changelog(root), version.python);
    const commit = git(root, ["rev-parse", "HEAD"]);
    await build({ commit, version, notes });
    return { version, commit };
}

function changelog(root) {
    return readFileSync(join(root, CHANGELOG), "utf8");
}
