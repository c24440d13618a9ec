import { defineConfig } from "@playwright/test";
import { browserFlags, findBrowser } from "./scripts/setup/programs.mjs";

const { TEMP_ETA_REPORT: report, TEMP_ETA_MATRIX_RESULTS: matrixResults } = process.env;

const project = (name, folder = name) => ({
    name,
    testDir: `tests/${folder}`,
    // Files of failed tests.
    outputDir: `.cache/failures/${name}`,
});

/** A project for each OctoPrint of the matrix, see tests/matrix/versions.mjs. */
const versions = process.env.TEMP_ETA_OCTOPRINTS?.split(" ") ?? [];
const isPart = process.env.TEMP_ETA_MATRIX !== "whole";
const matrix = versions.map((version) => ({
    ...project(`matrix-${version}`, "matrix"),
    use: { version },
    // One worker, as its tests install and uninstall the plugin in the same environment.
    workers: 1,
    grepInvert: isPart ? [/@whole/, new RegExp(`@partly-(?!${version})`)] : [],
}));

/** A host name without a secure context, as on a Raspberry Pi. */
const NAMES = "--host-resolver-rules=MAP octopi.test 127.0.0.1";

/** The browser tests by project, most of them with OctoPrint. */
export default defineConfig({
    // These take minutes each, see test:all in CONTRIBUTING.md.
    grepInvert: process.env.TEMP_ETA_ALL ? [] : /@long/,
    projects: [project("e2e"), project("site"), ...matrix],
    // Long enough for a busy machine.
    timeout: 300_000,
    expect: { timeout: 60_000 },
    forbidOnly: true,
    reporter: [
        ["list"],
        ...(report ? [["junit", { outputFile: report }]] : []),
        ...(matrixResults ? [["json", { outputFile: matrixResults }]] : []),
    ],
    use: {
        launchOptions: {
            executablePath: findBrowser().headless,
            args: [...browserFlags, NAMES],
        },
        viewport: { width: 1280, height: 1400 },
        screenshot: "only-on-failure",
        actionTimeout: 60_000,
    },
});
