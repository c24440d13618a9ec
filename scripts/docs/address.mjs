import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** Names that never lead anywhere, by RFC 2606. */
const PLACEHOLDER = /\.(invalid|example|test)$/;

/** Where the project is published, from pyproject.toml; "" while that is not decided. */
export function homepage() {
    const text = readFileSync(join(root, "pyproject.toml"), "utf8");
    const [, address] = /^Homepage = "(.+)"$/m.exec(text);
    return PLACEHOLDER.test(new URL(address).hostname) ? "" : address;
}
