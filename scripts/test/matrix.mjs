import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { version } from "../package/artefacts.mjs";
import { cache } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { stopping } from "../run/process-group.mjs";
import { writeSection } from "../sections.mjs";
import {
    installOctoPrints,
    octoprintVersions,
    pythonWith,
} from "../setup/python-packages.mjs";
import { outcomes, shortcomings, table } from "./results.mjs";
import { playwright } from "./runners.mjs";

const copies = join(cache, "matrix");
const report = join(cache, "matrix.json");

/** Limits the run to this OctoPrint, for work on a test. */
const only = process.env.TEMP_ETA_OCTOPRINT;

/**
 * Tests the package with several versions of OctoPrint and prints a table; a complete run also
 * writes docs/compatibility.md.
 */
export async function matrix({ all: whole, artefacts, env, ...options }) {
    const installed = await installOctoPrints();
    if (!installed.length) throw new Failure("There is no OctoPrint to try it on.");
    rmSync(report, { force: true });
    const tested = await playwright(["matrix-*"], {
        ...options,
        args: [`--workers=${installed.length}`],
        env: {
            ...env,
            TEMP_ETA_MATRIX: whole ? "whole" : "part",
            TEMP_ETA_RESULTS: report,
            TEMP_ETA_WHEEL: ownCopy(artefacts.wheelFile),
            TEMP_ETA_ZIP: ownCopy(artefacts.zipFile),
            TEMP_ETA_OCTOPRINTS: (only ? [only] : installed).join(" "),
        },
    });
    const results = existsSync(report)
        ? outcomes(JSON.parse(readFileSync(report, "utf8")), "matrix-")
        : [];
    const made = table(results, octoprintVersions, whole ? "did not run" : "–");
    console.log(`\n${made}`);
    // In a partial run some cells are empty on purpose.
    const isTable = whole && !options.only;
    const missing = isTable ? shortcomings(results, octoprintVersions) : 0;
    const failed = Math.max(tested.failed, missing);
    if (isTable && !failed && !stopping()) {
        const about = await surroundings(env.CHROME_PATH);
        writeSection("docs/compatibility.md", "test:matrix", `${about}\n\n${made}`);
    }
    return { ...tested, failed };
}

/** A copy of a package, as it may be rebuilt during a long run. */
function ownCopy(file) {
    mkdirSync(copies, { recursive: true });
    const copy = join(copies, basename(file));
    copyFileSync(file, copy);
    return copy;
}

async function surroundings(chrome) {
    const code = "import platform; print(platform.python_version())";
    const octoprints = await Promise.all(
        octoprintVersions.map(async (it) => {
            return `${it} on Python ${await output(pythonWith(it), ["-c", code])}`;
        }),
    );
    return [
        `- TempETA ${version()}, on ${new Date().toISOString().slice(0, 10)}`,
        `- OctoPrint ${octoprints.join(", ")}`,
        `- ${await output(chrome, ["--version"])}`,
    ].join("\n");
}
