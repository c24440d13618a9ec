import { existsSync } from "node:fs";
import { join } from "node:path";
import { logged, onPath, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

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

const { PROGRAMFILES, "PROGRAMFILES(X86)": PROGRAMFILES_X86, LOCALAPPDATA } = process.env;
const BROWSERS = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ...[PROGRAMFILES, PROGRAMFILES_X86, LOCALAPPDATA]
        .filter(Boolean)
        .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe")),
];
/** Chromium without a window, for a fifth of the CPU time per window. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";
const DRIVERS = ["/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver"];
// Debian installs it in a folder that is only on root's PATH.
const BROKERS = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

/**
 * The paths of the browser and its driver, and of the browser for tests, which may have no
 * window; null if missing.
 */
export function findBrowser() {
    const own = named("CHROME_PATH");
    const chrome = own ?? firstOf(BROWSERS);
    return {
        chrome,
        headless: own ?? (existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : chrome),
        chromedriver:
            named("CHROMEDRIVER_PATH") ??
            DRIVERS.find(existsSync) ??
            onPath("chromedriver"),
    };
}

/** The first of these files that exists, or null. */
export const firstOf = (files) => files.find((file) => existsSync(file)) ?? null;

/** The file that an environment variable names, or null. */
export function named(variable) {
    const file = process.env[variable];
    if (file && !existsSync(file)) {
        throw new Failure(`${variable} names ${file}, but there is no such file.`);
    }
    return file || null;
}

/** Finds browser and driver, or installs them if that is possible without a prompt. */
export async function installBrowser() {
    const complete = () => findBrowser().chrome && findBrowser().chromedriver;
    if (!complete()) {
        await aptInstall(["chromium", "chromium-driver"]);
        // Without the shell, tests use the browser itself, which takes longer.
        await aptInstall(["chromium-headless-shell"], { optional: true });
    }
    if (complete()) return findBrowser();
    throw new Failure(
        "Chromium (or Chrome) or its matching chromedriver is missing: install them, " +
            "or name installed ones in CHROME_PATH and CHROMEDRIVER_PATH.",
    );
}

/** The path of Mosquitto, or null. */
export function findBroker() {
    const named = process.env.MOSQUITTO_PATH;
    return named || onPath("mosquitto") || BROKERS.find(existsSync) || null;
}

/** Finds Mosquitto, or installs it if that is possible without a prompt. */
export async function installBroker() {
    const complete = () => findBroker() && onPath("mosquitto_passwd");
    if (!complete()) await aptInstall(["mosquitto", "mosquitto-clients"]);
    if (complete()) return findBroker();
    throw new Failure(
        "mosquitto is missing: install it and its clients (mosquitto_passwd, " +
            "mosquitto_sub), or name it in MOSQUITTO_PATH.",
    );
}

/** Installs Debian packages if there is apt-get and it needs no password. */
export async function aptInstall(packages, { optional = false } = {}) {
    if (!onPath("apt-get")) return;
    const isRoot = process.getuid?.() === 0;
    if (!isRoot && (await output("sudo", ["-n", "true"])) === null) return;
    const [program, ...apt] = [...(isRoot ? [] : ["sudo", "-n"]), "apt-get"];
    const names = packages.join(" and ");
    console.log(`Installing ${names} with apt-get ...`);
    const run = (log, ...args) =>
        logged(program, [...apt, ...args], {
            log,
            failure: `${names} could not be installed with apt-get.`,
            env: { DEBIAN_FRONTEND: "noninteractive" },
        });
    try {
        if (!optional) await run("apt-update", "update");
        await run("apt-install", "install", "--yes", ...packages);
    } catch (error) {
        // Who needs them says what else can be done.
        console.log(optional ? `There is no ${names}.` : error.message);
    }
}
