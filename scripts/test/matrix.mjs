import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { shortcomings, table } from "../matrix/table.mjs";
import { version } from "../package/contents.mjs";
import { cache, root } from "../paths.mjs";
import { output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { stopping } from "../run/process-group.mjs";
import {
    installOctoPrints,
    octoprintVersions,
    pythonWith,
} from "../setup/python-packages.mjs";
import { playwright } from "./runners.mjs";

const copies = join(cache, "matrix");
const resultsFile = join(cache, "matrix.json");
/** Limits the run to this OctoPrint, for work on a test. */
const only = process.env.TEMP_ETA_OCTOPRINT;
const document = join(root, "docs", "compatibility.md");

/**
 * Tests the package with several versions of OctoPrint and prints a table; a complete run also
 * writes docs/compatibility.md.
 */
export async function matrix({ all: whole, artefacts, env, ...options }) {
    const { zipFile, wheelFile } = ownCopies(artefacts);
    const installed = await installOctoPrints();
    if (!installed.length) throw new Failure("There is no OctoPrint to try it on.");
    rmSync(resultsFile, { force: true });
    const tested = await playwright(["matrix-*"], {
        ...options,
        args: [`--workers=${installed.length}`],
        env: {
            ...env,
            TEMP_ETA_MATRIX: whole ? "whole" : "part",
            TEMP_ETA_MATRIX_RESULTS: resultsFile,
            TEMP_ETA_WHEEL: wheelFile,
            TEMP_ETA_ZIP: zipFile,
            TEMP_ETA_OCTOPRINTS: (only ? [only] : installed).join(" "),
        },
    });
    const results = read();
    const made = table(results, octoprintVersions, whole ? "did not run" : "–");
    console.log(`\n${made}`);
    // In a partial run some cells are empty on purpose.
    const isTable = whole && !options.only;
    const missing = isTable ? shortcomings(results, octoprintVersions) : 0;
    const failed = Math.max(tested.failed, missing);
    if (isTable && !failed && !stopping()) {
        writeFileSync(document, await written(made, env.CHROME_PATH));
    }
    return { ...tested, failed };
}

/** Copies of the package, as it may be rebuilt during a long run. */
function ownCopies(artefacts) {
    rmSync(copies, { recursive: true, force: true });
    mkdirSync(copies, { recursive: true });
    return Object.fromEntries(
        Object.entries(artefacts).map(([name, file]) => {
            const copy = join(copies, basename(file));
            copyFileSync(file, copy);
            return [name, copy];
        }),
    );
}

function read() {
    return existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : [];
}

async function written(made, chrome) {
    const pythons = await Promise.all(
        octoprintVersions.map(async (it) => {
            const code = "import platform; print(platform.python_version())";
            return `${it} on Python ${await output(pythonWith(it), ["-c", code])}`;
        }),
    );
    const browser = (await output(chrome, ["--version"]))?.trim();
    return `# Compatibility

Written by \`npm run test:matrix\`; change the tests in tests/matrix/ instead. Each cell is a test
of the packaged plugin on a real OctoPrint with a virtual printer, in a real browser.

- TempETA ${version()}, on ${new Date().toISOString().slice(0, 10)}
- OctoPrint ${pythons.join(", ")}
- ${browser}

${made}
`;
}
