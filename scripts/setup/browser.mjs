import { existsSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { aptInstall } from "./apt.mjs";

/** Flags for a headless browser in a container, without requests to the network. */
export const browserFlags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    // One process less: saves a fourteenth of a browser's CPU time.
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

const BROWSERS = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ...[
        process.env.PROGRAMFILES,
        process.env["PROGRAMFILES(X86)"],
        process.env.LOCALAPPDATA,
    ]
        .filter(Boolean)
        .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe")),
];
/** Chromium without a window, for a fifth of the CPU time per window. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";
const DRIVERS = ["/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver"];

/**
 * The paths of the browser and its driver, and of the browser for tests, which may have no
 * window; null if missing.
 */
export function findBrowser() {
    const own = named("CHROME_PATH");
    const chrome = own ?? BROWSERS.find(existsSync) ?? null;
    return {
        chrome,
        headless: own ?? (existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : chrome),
        chromedriver:
            named("CHROMEDRIVER_PATH") ??
            DRIVERS.find(existsSync) ??
            onPath("chromedriver") ??
            null,
    };
}

/** Finds browser and driver, or installs them if that is possible without a prompt. */
export async function installBrowser() {
    let found = findBrowser();
    if (found.chrome && found.chromedriver) {
        return found;
    }
    const failure =
        "Chromium could not be installed with apt-get: install chromium and " +
        "chromium-driver, or name installed ones in CHROME_PATH and CHROMEDRIVER_PATH.";
    // Without the shell, tests use the browser itself, which takes longer.
    const shell = ["chromium-headless-shell"];
    if (await aptInstall(["chromium", "chromium-driver"], failure, shell)) {
        found = findBrowser();
    }
    if (found.chrome && found.chromedriver) {
        return found;
    }
    const missing = found.chrome ? "chromedriver" : "A Chromium browser";
    throw new Failure(
        `${missing} is missing: install Chromium (or Chrome) and the matching chromedriver, ` +
            "or name installed ones in CHROME_PATH and CHROMEDRIVER_PATH.",
    );
}

function named(variable) {
    const file = process.env[variable];
    if (file && !existsSync(file)) {
        throw new Failure(`${variable} names ${file}, but there is no such file.`);
    }
    return file || null;
}
