import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";

/**
 * Licenses of code that may be distributed under the AGPL, as SPDX names them. The first that a
 * package offers is used.
 */
export const ALLOWED = [
    "MIT",
    "ISC",
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unicode-3.0",
    "Apache-2.0",
    "CC0-1.0",
    "Unlicense",
    "AGPL-3.0-or-later",
];

/**
 * The licenses under which a package is used.
 *
 * @param {string | undefined} expression SPDX's, or an old one with a slash for "or"
 * @returns {string[] | null} null if it may not be used, or if nobody knows
 */
export function usedLicenses(expression) {
    const tokens = expression?.replaceAll("/", " OR ").match(/[()]|[^\s()]+/g) ?? [];
    const used = alternatives(tokens);
    return tokens.length === 0 ? used : null;
}

/** Takes alternatives from the front of `tokens`, and returns the preferred one. */
function alternatives(tokens) {
    let best = combined(tokens);
    while (tokens[0] === "OR") {
        tokens.shift();
        best = preferred(best, combined(tokens));
    }
    return best;
}

/** Takes licenses that all apply; null if one of them is not allowed. */
function combined(tokens) {
    let all = single(tokens);
    while (tokens[0] === "AND") {
        tokens.shift();
        const next = single(tokens);
        all = all && next && [...all, ...next];
    }
    return all;
}

function single(tokens) {
    const token = tokens.shift();
    if (token !== "(") return ALLOWED.includes(token) ? [token] : null;
    const inner = alternatives(tokens);
    return tokens.shift() === ")" ? inner : null;
}

function preferred(one, other) {
    if (!one || !other) return one ?? other;
    return rank(other) < rank(one) ? other : one;
}

const rank = (licenses) => Math.max(...licenses.map((it) => ALLOWED.indexOf(it)));

/**
 * Throws if a script contains an npm package that may not be used, or is not in the notices.
 *
 * @param {{ inputs: object }} metafile of esbuild
 * @param {string} notices what is distributed with the script
 */
export function checkBundled({ inputs }, notices) {
    const found = Object.keys(inputs).map((file) => PACKAGE.exec(file)?.[0]);
    for (const folder of new Set(found.filter(Boolean))) {
        const file = join(root, folder, "package.json");
        const { name, license } = JSON.parse(readFileSync(file, "utf8"));
        if (!usedLicenses(license)) {
            throw new Failure(`${name} may not be bundled: its license is "${license}".`);
        }
        if (!notices.toLowerCase().includes(`\n${name}`)) {
            throw new Failure(
                `${name} is bundled, but THIRD-PARTY.txt does not name it.`,
            );
        }
    }
}

/** The folder of the innermost package that a file is in. */
const PACKAGE = /^.*\bnode_modules\/(@[^/]+\/)?[^/]+/;
