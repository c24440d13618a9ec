import { parseArgs } from "node:util";
import { root } from "./paths.mjs";
import { buildFiles } from "./release/files.mjs";
import { checkRelease, release } from "./release/release.mjs";
import { Failure } from "./run/failure.mjs";

const USAGE =
    "Which version? npm run release -- 1.2.3 [--commit], or npm run release -- --check 1.2.3";

export default async function releaseVersion() {
    const { version: wanted, check, commit } = asked();
    if (check) {
        await checkRelease({ root, tag: wanted, build: buildFiles });
        return;
    }
    const date = new Date().toISOString().slice(0, 10);
    const made = await release({ root, wanted, date, commit, build: buildFiles });
    const tag = made.version;
    if (commit) {
        console.log(`Committed and tagged ${tag}. To publish it, push both.`);
        return;
    }
    console.log("Nothing is committed yet. To commit and tag this very build:\n");
    console.log(`    git merge --ff-only ${made.commit}`);
    console.log(`    git tag --annotate --message ${tag} ${tag} ${made.commit}`);
}

function asked() {
    try {
        const { values, positionals } = parseArgs({
            allowPositionals: true,
            options: { check: { type: "boolean" }, commit: { type: "boolean" } },
        });
        if (positionals.length === 1) return { version: positionals[0], ...values };
    } catch {
        // An unknown option is not a version.
    }
    throw new Failure(USAGE);
}
