import { readFileSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { engines } from "./scripts/setup/engines.mjs";
import { browserFlags, findBrowser } from "./scripts/setup/programs.mjs";

const { TEMP_ETA_REPORT: report, TEMP_ETA_RESULTS: results } = process.env;

const project = (name, folder = name) => ({
    name,
    testDir: `tests/${folder}`,
    // Files of failed tests.
    outputDir: `.cache/failures/${name}`,
});

/** A project for each OctoPrint of the matrix, see tests/matrix/versions.mjs. */
const versions = process.env.TEMP_ETA_OCTOPRINTS?.split(" ") ?? [];
const isPart = process.env.TEMP_ETA_MATRIX !== "whole";
const requirements = new URL("scripts/setup/requirements.txt", import.meta.url);
/** The OctoPrint of e2e: a part of the matrix has only those tests on it that no other one has. */
const [, usual] = /^octoprint==(.+)$/m.exec(readFileSync(requirements, "utf8"));
const matrix = versions.map((version) => ({
    ...project(`matrix-${version}`, "matrix"),
    use: { version },
    // One worker, as its tests install and uninstall the plugin in the same environment.
    workers: 1,
    grep: isPart && version === usual ? /@partly-/ : /(?:)/,
    // Replaces the one of all projects, so its tests have tags of their own.
    grepInvert: isPart ? [/@whole/, new RegExp(`@partly-(?!${version})`)] : [],
}));

/** A host name without a secure context, as on a Raspberry Pi. */
const NAME = "octopi.test";

const chromium = {
    launchOptions: {
        executablePath: findBrowser().headless,
        args: [...browserFlags, `--host-resolver-rules=MAP ${NAME} 127.0.0.1`],
    },
};

/** As installed, by WebDriver BiDi; Playwright's own builds are patched. */
const firefox = {
    browserName: "firefox",
    channel: "moz-firefox",
    launchOptions: {
        executablePath: engines.firefox.find()?.browser,
        firefoxUserPrefs: { "network.dns.localDomains": NAME },
    },
};

/** The engines that Playwright drives. */
const browsers = { chromium, firefox };

/** Also a part of e2e. */
const old = { ...project("old", "e2e"), testMatch: /old_browsers\.test\.mjs/ };

/** The tests in several engines, see tests/engines: what each must do, and more in these. */
const named = process.env.TEMP_ETA_ENGINES?.split(" ") ?? [];
const inEngines = named.flatMap((engine) => [
    {
        ...project(`smoke-${engine}`, "engines"),
        use: { engine, ...browsers[engine] },
        // WebKit's process for the page crashes now and then, as on machines without a GPU.
        retries: browsers[engine] ? 0 : 1,
    },
    ...(browsers[engine]
        ? [
              {
                  ...project(`e2e-${engine}`, "e2e"),
                  testMatch: /(countdown|learning|settings)\.test\.mjs/,
                  use: browsers[engine],
              },
          ]
        : []),
]);

/** The browser tests by project, most of them with OctoPrint. */
export default defineConfig({
    // Variants, and what takes minutes, see test:all in CONTRIBUTING.md.
    grepInvert: process.env.TEMP_ETA_ALL ? [] : /@all/,
    projects: [project("e2e"), project("site"), old, ...matrix, ...inEngines],
    // Long enough for a busy machine.
    timeout: 600_000,
    expect: { timeout: 120_000 },
    forbidOnly: true,
    reporter: [
        ["list"],
        ...(report ? [["junit", { outputFile: report }]] : []),
        ...(results ? [["json", { outputFile: results }]] : []),
    ],
    use: {
        ...chromium,
        viewport: { width: 1280, height: 1400 },
        screenshot: "only-on-failure",
        actionTimeout: 120_000,
    },
});
