import { Failure } from "../run/failure.mjs";

export const CHANGELOG = "CHANGELOG.md";

const UNRELEASED = "## [Unreleased]";

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
    return text.replace(
        `${UNRELEASED}\n`,
        () => `${UNRELEASED}\n\n## [${version}] - ${date}\n`,
    );
}

/** The changes of a released version. */
export function notesOf(text, version) {
    const notes = section(text, version)?.trim();
    if (!notes) {
        throw new Failure(`${CHANGELOG} says nothing about ${version}.`);
    }
    return notes;
}

/** The text below a version's heading, or null. */
function section(text, name) {
    const parts = text.split(/^## /m);
    const heading = `[${name}]`;
    const found = parts.find((part) => part.startsWith(heading));
    return found === undefined ? null : found.slice(found.indexOf("\n") + 1);
}
