// Days of a printer's life at twice the usual rate of reports, five seconds each; a week of
// them in the tests that take long.
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as wasm from "../../static/wasm/temp_eta.js";
import { lasts } from "../soak/lasts.mjs";
import { live } from "../soak/week.mjs";

const days = process.env.TEMP_ETA_ALL ? 7 : 2;

describe(`${days} days`, () => {
    it("leaves memory and countdowns as they were, in Node", async (t) => {
        const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
        const { memory } = await wasm.default({ module_or_path: readFileSync(module) });
        setFlagsFromString("--expose-gc");
        const collect = runInNewContext("gc");
        const heap = async () => {
            collect();
            return process.memoryUsage().heapUsed;
        };
        const week = await live(wasm, { days, memory, heap });
        t.diagnostic(JSON.stringify(week.at(-1)));
        lasts(week);
    });
});
