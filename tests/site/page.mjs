// The page "Try it here" of the built site, in a browser, below a sub-path of any web server.
import { openBrowser } from "../e2e/browser.mjs";
import { serve, siteFolder } from "./server.mjs";

export const ALGORITHMS = ["linear", "exponential", "adaptive"];

const WIDE = { width: 1280, height: 1250 };

/** A browser and a server; `open` opens the page. */
export async function visit() {
    const server = await serve(siteFolder);
    const browser = await openBrowser();
    return {
        open: (t, how) => open(t, browser, { url: server.url, ...how }),
        async close() {
            await browser.close();
            await server.close();
        },
    };
}

/** The page, ready; `faults` are what it complains of, and whom else it asks for something. */
async function open(t, browser, { url, ready = true, prepare, ...options }) {
    const page = await browser.newPage({ viewport: WIDE, ...options });
    const faults = [];
    page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
        const bad = ["error", "warning"].includes(message.type());
        if (bad) faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on("request", (request) => {
        const own = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
        if (!own) faults.push(`asks ${request.url()}`);
    });
    t.after(() => page.close());
    await prepare?.(page);
    await page.goto(`${url}try/`);
    if (ready) await page.locator("#try [data-play]").waitFor();
    return { page, faults };
}

export const scrubber = (page) => page.locator("#try [data-scrubber]");

/** Seconds since the new target. */
export const position = (page) =>
    page.locator("#try [data-position]").evaluate(({ value }) => Number(value));

/** Goes to a position of the slider and tells all that is shown there. */
export async function seek(page, value) {
    await scrubber(page).fill(String(value));
    return shown(page);
}

/** After the next frame: what is moved is drawn then. */
export async function shown(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
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
