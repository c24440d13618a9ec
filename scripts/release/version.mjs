import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";

/** All files with the version, and its spelling there. */
const PLACES = [
    ["pyproject.toml", "python", /^(\[project\]$[^[]*?^version = ")([^"]+)/gm],
    ["Cargo.toml", "semver", /^(\[package\]$[^[]*?^version = ")([^"]+)/gm],
    ["Cargo.lock", "semver", /^(name = "temp-eta"\nversion = ")([^"]+)/gm],
    ["package.json", "semver", /^( {4}"version": ")([^"]+)/gm],
    // At the top and below "packages".
    [
        "package-lock.json",
        "semver",
        /^( +"name": "octoprint-temp-eta",\n +"version": ")([^"]+)/gm,
    ],
];

const NUMBER = "(?:0|[1-9]\\d*)";
const VERSION = new RegExp(
    `^(${NUMBER}\\.${NUMBER}\\.${NUMBER})(?:(?:rc|-rc\\.)(${NUMBER}))?$`,
);

/**
 * A version in both spellings: Python's, also used for tags and file names, and that of Cargo
 * and npm.
 *
 * OctoPrint cuts off what follows a hyphen in a tag: 1.0.0-rc.1 would be 1.0.0 to it.
 */
export function parseVersion(text) {
    const found = VERSION.exec(text ?? "");
    if (!found) {
        throw new Failure(
            `"${text ?? ""}" is no version: it must read 1.2.3, or 1.2.3rc1 for a candidate.`,
        );
    }
    const [, base, candidate] = found;
    if (candidate === undefined) {
        return { python: base, semver: base, isCandidate: false };
    }
    return {
        python: `${base}rc${candidate}`,
        semver: `${base}-rc.${candidate}`,
        isCandidate: true,
    };
}

/** The texts of all files with the version, with a new version, by file. */
export function withVersion(root, version) {
    const changed = new Map();
    for (const [file, spelling, pattern] of PLACES) {
        const text = read(root, file);
        requireVersion(file, text, pattern);
        changed.set(
            file,
            text.replace(pattern, (_, before) => before + version[spelling]),
        );
    }
    return changed;
}

/** Fails if one of the files has another version. */
export function requireVersionEverywhere(root, version) {
    for (const [file, spelling, pattern] of PLACES) {
        for (const found of requireVersion(file, read(root, file), pattern)) {
            if (found !== version[spelling]) {
                throw new Failure(
                    `${file} names version ${found}, not ${version[spelling]}.`,
                );
            }
        }
    }
}

function requireVersion(file, text, pattern) {
    const versions = [...text.matchAll(pattern)].map(([, , found]) => found);
    if (!versions.length) {
        throw new Failure(`${file} does not name a version.`);
    }
    return versions;
}

function read(root, file) {
    return readFileSync(join(root, file), "utf8");
}
