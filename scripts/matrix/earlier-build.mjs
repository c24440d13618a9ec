import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, root, tools } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";

/** A commit of this repository whose page is made of other files than today's. */
const COMMIT = "9afd530";

/** What its build is called, so that every later one is an upgrade. */
export const EARLIER_VERSION = "0.0.9";

/**
 * The zip that an earlier commit makes, as it was made then; null where the repository has
 * no history. Made once.
 */
export async function buildEarlier() {
    const folder = join(cache, "earlier", COMMIT);
    const zip = join(folder, "dist", "OctoPrint-TempETA.zip");
    if (existsSync(zip)) return zip;
    if ((await output("git", ["cat-file", "-e", `${COMMIT}^{commit}`])) === null) {
        return null;
    }
    console.log("Building an earlier version of the plugin (some minutes) ...");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const archive = join(folder, "source.tar");
    const failure = "An earlier version of the plugin could not be built.";
    const run = (program, args, cwd) =>
        logged(program, args, {
            log: "earlier-build",
            failure,
            cwd,
            env: { TEMP_ETA_TOOLS: tools },
        });
    await run("git", ["archive", "--output", archive, COMMIT], root);
    await run("tar", ["-xf", archive], folder);
    const project = join(folder, "pyproject.toml");
    const declared = readFileSync(project, "utf8");
    writeFileSync(
        project,
        declared.replace(/^version = ".*"$/m, `version = "${EARLIER_VERSION}"`),
    );
    await run(process.execPath, ["scripts/package.mjs"], folder);
    return zip;
}
