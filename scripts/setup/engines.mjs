import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BROWSERS } from "../build/browsers.mjs";
import { onPath } from "../run/command.mjs";
import { installOldChromiums, OLD_CHROMIUMS, oldChromium } from "./old-browsers.mjs";
import { aptInstall, findBrowser, firstOf, named } from "./programs.mjs";

const FIREFOXES = [
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Where Debian has the libraries of its architectures, with the programs that belong to them. */
const LIBRARIES = "/usr/lib";

/** The oldest Chromium that the page is built for. */
const OLD = BROWSERS.find(({ id }) => id === "chrome").oldest;

/**
 * The browser engines that the page is tested in, by name:
 * - `title`, and whether Playwright drives it; the others have drivers of their own
 * - `isUsual` if `npm test` tests it, one of each family; other kinds of tests have the Chromiums
 * - `find()` returns the paths of its programs, null if one is missing
 * - `install()` installs them if that is possible without a prompt; `advice` says what else to do
 */
export const engines = {
    chromium: {
        title: "Chromium",
        isPlaywrights: true,
        find: () => all({ browser: findBrowser().headless }),
        install: () => aptInstall(["chromium"]),
        advice: "install it, or name it in CHROME_PATH",
    },

    firefox: {
        title: "Firefox",
        isPlaywrights: true,
        isUsual: true,
        find: () => all({ browser: named("FIREFOX_PATH") ?? firstOf(FIREFOXES) }),
        install: () => aptInstall(["firefox-esr"]),
        advice: "install firefox-esr, or name a Firefox in FIREFOX_PATH",
    },

    /** Of Debian's security updates, so nearly that of the newest Safari; needs a display. */
    webkitgtk: {
        title: "WebKitGTK",
        find: () =>
            all({
                driver: onPath("WebKitWebDriver"),
                browser: library("webkit2gtk-4.1/MiniBrowser"),
                display: onPath("xauth") && onPath("xvfb-run"),
            }),
        install: () => aptInstall(["webkit2gtk-driver", "xvfb", "xauth"]),
        advice: "install webkit2gtk-driver, xvfb and xauth",
    },

    /** On Debian 12 that of Safari 16.0. */
    wpe: {
        title: "WPE WebKit",
        isUsual: true,
        find: () => all({ driver: onPath("WPEWebDriver"), browser: onPath("cog") }),
        install: () => aptInstall(["wpewebkit-driver", "cog"]),
        advice: "install wpewebkit-driver and cog",
    },

    oldChromium: {
        title: `Chromium ${OLD}`,
        find: () => (existsSync(oldChromium(OLD)) ? { browser: oldChromium(OLD) } : null),
        install: installOldChromiums,
        advice: `${OLD_CHROMIUMS[OLD]} from npm has it, for Linux on x64`,
    },
};

/**
 * Finds all engines or the usual ones, and installs missing ones where that is possible; resolves
 * to the names of those that are there, and says what to do about the others.
 */
export async function installEngines({ whole }) {
    const wanted = Object.keys(engines).filter((it) => whole || engines[it].isUsual);
    const isThere = (name) => engines[name].find() !== null;
    for (const name of wanted) {
        const { title, install, advice } = engines[name];
        if (!isThere(name)) await install();
        if (!isThere(name)) console.log(`Not tested in ${title}: ${advice}.`);
    }
    return wanted.filter(isThere);
}

const all = (programs) => (Object.values(programs).every(Boolean) ? programs : null);

/** A program in one of the folders of libraries. */
function library(path) {
    if (!existsSync(LIBRARIES)) return null;
    return firstOf(readdirSync(LIBRARIES).map((folder) => join(LIBRARIES, folder, path)));
}
