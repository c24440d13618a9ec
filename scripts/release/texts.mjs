import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../run/failure.mjs";

const PROJECT = "pyproject.toml";
const CHANGELOG = "CHANGELOG.md";
const UNRELEASED = "## [Unreleased]";

const VERSION_LINE = /^(\[project\]$[^[]*?^version = ")([^"]+)/m;

const NUMBER = "(?:0|[1-9]\\d*)";
const VERSION = new RegExp(
    `^(${NUMBER}\\.${NUMBER}\\.${NUMBER})(?:(?:rc|-rc\\.)(${NUMBER}))?$`,
);

/**
 * A version in Python's spelling, also used for tags and file names: OctoPrint cuts off what
 * follows a hyphen in a tag, so that 1.0.0-rc.1 would be 1.0.0 to it.
 */
export function parseVersion(text) {
    const [, base, candidate] = VERSION.exec(text ?? "") ?? [];
    if (base) return candidate === undefined ? base : `${base}rc${candidate}`;
    throw new Failure(
        `"${text ?? ""}" is no version: it must read 1.2.3, or 1.2.3rc1 for a candidate.`,
    );
}

/** The new texts of the files that a version is made of, by file. */
export function released(root, version, date) {
    const project = read(root, PROJECT);
    projectVersion(project);
    return {
        [PROJECT]: project.replace(VERSION_LINE, (_, before) => before + version),
        [CHANGELOG]: releasedChangelog(read(root, CHANGELOG), version, date),
    };
}

/** Fails unless the project has this version; returns its changes. */
export function releaseNotes(root, version) {
    const found = projectVersion(read(root, PROJECT));
    if (found !== version) {
        throw new Failure(`${PROJECT} names version ${found}, not ${version}.`);
    }
    return notesOf(read(root, CHANGELOG), version);
}

/** The version that the text of pyproject.toml names. */
export function projectVersion(text) {
    const found = VERSION_LINE.exec(text);
    if (!found) throw new Failure(`${PROJECT} does not name a version.`);
    return found[2];
}

/** The changelog with the unreleased changes under a new version and its date. */
export function releasedChangelog(text, version, date) {
    if (section(text, version) !== null) {
        throw new Failure(`${CHANGELOG} has a version ${version} already.`);
    }
    if (!/^- \S/m.test(section(text, "Unreleased") ?? "")) {
        throw new Failure(
            `${CHANGELOG} says nothing under "${UNRELEASED}": what is new in ${version}?`,
        );
    }
    const heading = `${UNRELEASED}\n\n## [${version}] - ${date}\n`;
    return text.replace(`${UNRELEASED}\n`, () => heading);
}

/** The changes of a released version. */
export function notesOf(text, version) {
    const notes = section(text, version)?.trim();
    if (!notes) throw new Failure(`${CHANGELOG} says nothing about ${version}.`);
    return notes;
}

/** The text below a version's heading, or null. */
function section(text, name) {
    const found = text.split(/^## /m).find((part) => part.startsWith(`[${name}]`));
    return found === undefined ? null : found.slice(found.indexOf("\n") + 1);
}

function read(root, name) {
    return readFileSync(join(root, name), "utf8");
}
