// Pages in all engines, with the same few methods: `goto`, `reload`, `evaluate`, which takes a
// function and an argument, `click`, `fill`, `screenshot` and `close`; and `version`.
import { freePort } from "../../scripts/octoprint/port.mjs";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";
import { until } from "../../scripts/run/until.mjs";
import { engines } from "../../scripts/setup/engines.mjs";
import { fill } from "../e2e/browser.mjs";
import { openIn } from "../e2e/old_chromium.mjs";
import { isReady, WebDriverPage } from "./webdriver.mjs";

const SIZE = { width: 1280, height: 1400 };

/** The capabilities that start a browser by its driver, by engine. */
const SESSIONS = {
    webkitgtk: ({ browser }) => ({
        browserName: "MiniBrowser",
        "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
    }),
    // Its window stays 800 pixels wide.
    wpe: ({ browser }) => ({
        browserName: "cog",
        "wpe:browserOptions": {
            binary: browser,
            args: ["--automation", "--platform=headless"],
        },
    }),
};

/** Opens a page in an engine; `launch` launches those that Playwright drives. */
export async function openEngine(engine, launch) {
    if (engines[engine].isPlaywrights) return openByPlaywright(await launch());
    const programs = engines[engine].find();
    return SESSIONS[engine]
        ? openByDriver(programs, SESSIONS[engine](programs))
        : openByDevTools(programs);
}

async function openByPlaywright(browser) {
    const page = await browser.newPage({ viewport: SIZE });
    return Object.assign(page, {
        version: browser.version(),
        fill: (selector, text) => fill(page.locator(selector), text),
        close: () => browser.close(),
    });
}

async function openByDriver({ driver, display }, capabilities) {
    const port = await freePort();
    const command = [driver, `--port=${port}`];
    if (display) {
        const screen = `-screen 0 ${SIZE.width}x${SIZE.height}x24`;
        command.unshift(display, "-a", "-s", screen);
    }
    const [program, ...args] = command;
    const child = spawnGroup(program, args, { stdio: "ignore" });
    try {
        const url = `http://127.0.0.1:${port}`;
        const failure = new Error(`${command.join(" ")} did not answer.`);
        await until(() => isReady(url), { timeoutMs: 240_000, failure });
        const page = await WebDriverPage.open(url, capabilities);
        if (display) await page.resize(SIZE);
        return Object.assign(page, {
            close: async () => {
                await page.end();
                await endGroup(child);
            },
        });
    } catch (error) {
        await endGroup(child);
        throw error;
    }
}

/** Chromiums that are too old for Playwright. */
async function openByDevTools({ browser }) {
    const page = await openIn(browser, "about:blank");
    const evaluate = (action, argument = null) =>
        page.evaluate(`(${action})(${JSON.stringify(argument)})`);
    const change = (selector, value) =>
        evaluate(
            ([selector, value]) => {
                const field = document.querySelector(selector);
                field.value = value;
                for (const event of ["input", "change"]) {
                    field.dispatchEvent(new Event(event, { bubbles: true }));
                }
            },
            [selector, value],
        );
    return {
        ...page,
        evaluate,
        version: (await page.evaluate("navigator.userAgent")).match(/Chrome\/(\S+)/)[1],
        reload: async () => page.goto(await page.evaluate("location.href.split('#')[0]")),
        click: (it) => evaluate((it) => document.querySelector(it).click(), it),
        fill: change,
        screenshot: ({ path }) => page.screenshot(path),
    };
}
