// The page "Try it here" of the built site, in a browser, in a sub-path of a web server.
import { test as base, expect } from "@playwright/test";
import { serve, siteFolder } from "./server.mjs";

export { expect };

export const ALGORITHMS = ["linear", "exponential", "adaptive"];

/**
 * Playwright's `test` with
 * - `url`, the page's address; `types` replaces MIME types;
 * - `page`, which has loaded it. A test fails if its `faults` has something left: errors, warnings,
 *   and requests to other servers.
 */
export const test = base.extend({
    types: [{}, { option: true }],

    url: async ({ types }, use) => {
        const server = await serve(siteFolder, types);
        await use(`${server.url}try/`);
        await server.close();
    },

    page: async ({ page, url }, use) => {
        const faults = [];
        page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
        page.on("console", (message) => {
            const bad = ["error", "warning"].includes(message.type());
            if (bad) faults.push(`${message.type()}: ${message.text()}`);
        });
        page.on("request", (request) => {
            const known = [new URL("..", url).href, "data:", "blob:"];
            const isOwn = known.some((it) => request.url().startsWith(it));
            if (!isOwn) faults.push(`asks ${request.url()}`);
        });
        await page.goto(url);
        await page.locator("#try [data-play]").waitFor();
        await use(Object.assign(page, { faults }));
        expect(faults, "what the page complains of").toEqual([]);
    },
});

export const scrubber = (page) => page.locator("#try [data-scrubber]");

/** Seconds since the new target. */
export const position = (page) =>
    page.locator("#try [data-position]").evaluate(({ value }) => Number(value));

/** Chooses a recording, and waits for the slider to have its length. */
export async function choose(page, id) {
    await page.locator("#try [data-recording]").selectOption(id);
    return drawn(page);
}

/** Moves the slider and returns what is shown then. */
export async function seek(page, value) {
    const end = Number(await scrubber(page).getAttribute("max"));
    await scrubber(page).fill(String(Math.min(value, end)));
    return drawn(page);
}

/** What is shown after the next frame, when changes have been drawn. */
export async function drawn(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    return shown(page);
}

export function shown(page) {
    return page.evaluate(() => {
        const cards = [...document.querySelectorAll("#try [data-card]")];
        return {
            at: Number(document.querySelector("#try [data-position]").value),
            ...Object.fromEntries(
                cards.map((card) => {
                    const [time, error] = card.querySelectorAll("data");
                    const seconds = time.value ? Number(time.value) : null;
                    const share = error ? Number(error.value) : null;
                    return [
                        card.dataset.card,
                        { seconds, text: card.textContent, share },
                    ];
                }),
            ),
        };
    });
}
