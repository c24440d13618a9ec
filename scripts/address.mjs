import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Failure } from "./run/failure.mjs";

/** Reserved names, RFC 2606. */
const PLACEHOLDER = /\.(invalid|example|test)$/;

/** The project's address in pyproject.toml, which may be a placeholder. */
export function homepage() {
    const text = readFileSync(join(root, "pyproject.toml"), "utf8");
    const found = /^\[project\.urls\]\nHomepage = "([^"]+)"$/m.exec(text)?.[1];
    if (!found) throw new Failure("pyproject.toml has no Homepage.");
    return found;
}

/** The project's public address; "" while there is none. */
export function published() {
    const address = homepage();
    return PLACEHOLDER.test(new URL(address).hostname) ? "" : address;
}
