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
import { buildArtefacts } from "../package/artefacts.mjs";
import { version } from "../package/contents.mjs";
import { cache, root } from "../paths.mjs";
import { output, shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { stopping } from "../run/process-group.mjs";
import { filesBelow } from "../run/stamp.mjs";
import { installBroker } from "../setup/broker.mjs";
import { installBrowser } from "../setup/browser.mjs";
import {
    installOctoPrints,
    octoprintVersions,
    pythonWith,
} from "../setup/octoprints.mjs";
import { nodeCounts } from "./counts.mjs";

const folder = join(root, "tests", "matrix");
const copies = join(cache, "matrix");
const resultsFile = join(cache, "matrix.jsonl");
/** For who works on a test: only this OctoPrint, if one is named. */
const only = process.env.TEMP_ETA_OCTOPRINT;
const document = join(root, "docs", "compatibility.md");

/**
 * Tries what is packaged on OctoPrints of several versions and prints a table; the whole of
 * it also writes docs/compatibility.md.
 */
export async function matrix({ whole }) {
    const { chrome } = await installBrowser();
    const broker = await installBroker();
    const { zipFile, wheelFile } = ownCopies(await buildArtefacts());
    const installed = await installOctoPrints();
    if (!installed.length) throw new Failure("There is no OctoPrint to try it on.");
    const files = filesBelow(folder).filter((file) => file.endsWith(".test.mjs"));
    rmSync(resultsFile, { force: true });
    const { code, text } = await shown(
        process.execPath,
        ["--test", "--test-concurrency=1", ...reporters(), ...files],
        {
            env: {
                CHROME_PATH: chrome,
                MOSQUITTO_PATH: broker,
                TEMP_ETA_MATRIX: whole ? "whole" : "part",
                TEMP_ETA_WHEEL: wheelFile,
                TEMP_ETA_ZIP: zipFile,
                TEMP_ETA_OCTOPRINTS: (only ? [only] : installed).join(" "),
            },
        },
    );
    const { passed, failed } = nodeCounts(text);
    const results = read();
    const made = table(results, octoprintVersions, whole ? "did not run" : "–");
    console.log(`\n${made}`);
    // A part has cells that are empty on purpose.
    const missing = whole ? shortcomings(results, octoprintVersions) : 0;
    const wrong = Math.max(failed, missing, code === 0 ? 0 : 1);
    if (whole && !wrong && !stopping()) {
        writeFileSync(document, await written(made, chrome));
    }
    return { passed, failed: wrong };
}

/** Of what is packaged: it takes long, and somebody may package again meanwhile. */
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

function reporters() {
    const reporter = join(root, "scripts", "matrix", "reporter.mjs");
    return [
        ["spec", "stdout"],
        [reporter, resultsFile],
    ].flatMap(([name, destination]) => [
        `--test-reporter=${name}`,
        `--test-reporter-destination=${destination}`,
    ]);
}

function read() {
    if (!existsSync(resultsFile)) return [];
    const lines = readFileSync(resultsFile, "utf8").trim().split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line));
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

What \`npm run test:matrix\` writes, all of it: change the tests in tests/matrix/ instead. Each
cell is a test of the packaged plugin on a real OctoPrint with a virtual printer, driven by a
real browser.

- TempETA ${version()}, on ${new Date().toISOString().slice(0, 10)}
- OctoPrint ${pythons.join(", ")}
- ${browser}

${made}
`;
}
