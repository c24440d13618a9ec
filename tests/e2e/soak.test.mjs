// The same week in the browser, whose storage keeps what is learned.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { root } from "../../scripts/paths.mjs";
import { lasts } from "../soak/lasts.mjs";
import { openBrowser } from "./browser.mjs";

const ORIGIN = "http://soak.test";
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

describe("a week in the browser", () => {
    let browser;

    before(async () => {
        browser = await openBrowser();
    });

    after(() => browser?.close());

    it("leaves memory, storage and countdowns as they were", async (t) => {
        const page = await browser.newPage();
        await page.route(`${ORIGIN}/**`, (route) => {
            const { pathname } = new URL(route.request().url());
            const contentType = TYPES[pathname.split(".").at(-1)];
            if (!contentType)
                return route.fulfill({ contentType: "text/html", body: "" });
            return route.fulfill({ contentType, body: readFileSync(root + pathname) });
        });
        await page.goto(`${ORIGIN}/`);
        const session = await page.context().newCDPSession(page);
        await session.send("Performance.enable");
        await page.exposeFunction("heap", async () => {
            await session.send("HeapProfiler.collectGarbage");
            const { metrics } = await session.send("Performance.getMetrics");
            return metrics.find(({ name }) => name === "JSHeapUsedSize").value;
        });
        const { week, stored } = await page.evaluate(async () => {
            const wasm = await import("/static/wasm/temp_eta.js");
            const { live } = await import("/tests/soak/week.mjs");
            const { memory } = await wasm.default();
            const week = await live(wasm, { days: 7, memory, heap: window.heap });
            return { week, stored: Object.entries(localStorage) };
        });
        t.diagnostic(JSON.stringify(week.at(-1)));
        lasts(week);
        assert.equal(stored.length, 5, "an entry a heater");
        for (const [key, text] of stored) {
            assert.match(key, /^temp_eta\/1\/soak\//);
            assert.ok(text.length < 2000, `${key}: ${text.length}`);
        }
        assert.ok(week.at(-1).error < 0.5 * week[0].error, "it has learned");
    });
});
