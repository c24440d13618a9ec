// Simulates a week in a real browser, as fast as possible.
import { readFileSync } from "node:fs";
import { root } from "../../scripts/paths.mjs";
import { assertStable } from "../soak/checks.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";

const ORIGIN = "http://soak.test";
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

const serve = (route) => {
    const { pathname } = new URL(route.request().url());
    const contentType = TYPES[pathname.split(".").at(-1)];
    if (!contentType) return route.fulfill({ contentType: "text/html", body: "" });
    return route.fulfill({ contentType, body: readFileSync(root + pathname) });
};

test(
    "a week leaves memory, storage and countdowns unchanged",
    ONLY_IN_ALL,
    async ({ browser }) => {
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
        const { week, stored } = await page.evaluate(async () => {
            const wasm = await import("/static/wasm/temp_eta.js");
            const { simulate } = await import("/tests/soak/week.mjs");
            const { memory } = await wasm.default();
            const storage = () => localStorage;
            const week = await simulate(wasm, {
                days: 7,
                memory,
                heap: window.heap,
                storage,
            });
            return { week, stored: Object.entries(localStorage) };
        });
        await page.close();
        const description = JSON.stringify(week.at(-1));
        test.info().annotations.push({ type: "last day", description });
        assertStable(week);
        expect(stored.length, "an entry for each heater").toBe(5);
        for (const [key, text] of stored) {
            expect(key).toMatch(/^temp_eta\/2\/soak\//);
            expect(text.length, key).toBeLessThan(3000);
        }
        expect(week.at(-1).error, "it has learned").toBeLessThan(0.5 * week[0].error);
    },
);
