// The page "Try it here" of the built site, in a browser, below a sub-path of any web server.
import { test as base, expect } from "@playwright/test";
import { serve, siteFolder } from "./server.mjs";

export { expect };

export const ALGORITHMS = ["linear", "exponential", "adaptive"];

/**
 * Playwright's `test` with
 * - `url`, where a server has the page; `types` are what it calls files, in place of the right
 *   ones;
 * - `page`, which shows it, ready. A test fails if something is left in its `faults`: what the
 *   page complains of, and whom else it asks for something.
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

/** Chooses a recording; the slider has its length from the next frame on. */
export async function choose(page, id) {
    await page.locator("#try [data-recording]").selectOption(id);
    return drawn(page);
}

/** Goes to a position of the slider and tells all that is shown there. */
export async function seek(page, value) {
    await scrubber(page).fill(String(value));
    return drawn(page);
}

/** What is shown after the next frame: what is moved is drawn then. */
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
