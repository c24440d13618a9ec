// Days and weeks in a real browser, as fast as they can be calculated.
import { readFileSync } from "node:fs";
import { root } from "../../scripts/paths.mjs";
import { lasts } from "../soak/checks.mjs";
import { expect, test } from "./fixtures.mjs";

const ORIGIN = "http://soak.test";
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

const serve = (route) => {
    const { pathname } = new URL(route.request().url());
    const contentType = TYPES[pathname.split(".").at(-1)];
    if (!contentType) return route.fulfill({ contentType: "text/html", body: "" });
    return route.fulfill({ contentType, body: readFileSync(root + pathname) });
};

const days = process.env.TEMP_ETA_ALL ? 7 : 2;

test(`${days} days: memory, storage and countdowns stay as they were`, async ({
    browser,
}) => {
    const page = await browser.newPage();
    await page.route(`${ORIGIN}/**`, serve);
    await page.goto(`${ORIGIN}/`);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await page.exposeFunction("heap", async () => {
        await page.requestGC();
        const { metrics } = await session.send("Performance.getMetrics");
        return metrics.find(({ name }) => name === "JSHeapUsedSize").value;
    });
    const { seen, stored } = await page.evaluate(async (days) => {
        const wasm = await import("/static/wasm/temp_eta.js");
        const { live } = await import("/tests/soak/week.mjs");
        const { memory } = await wasm.default();
        const seen = await live(wasm, { days, memory, heap: window.heap });
        return { seen, stored: Object.entries(localStorage) };
    }, days);
    await page.close();
    const description = JSON.stringify(seen.at(-1));
    test.info().annotations.push({ type: "last day", description });
    lasts(seen);
    expect(stored.length, "an entry a heater").toBe(5);
    for (const [key, text] of stored) {
        expect(key).toMatch(/^temp_eta\/1\/soak\//);
        expect(text.length, key).toBeLessThan(2000);
    }
    expect(seen.at(-1).error, "it has learned").toBeLessThan(0.5 * seen[0].error);
});
