// A week of a printer's life at twice the usual rate of reports, in half a minute.
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as wasm from "../../static/wasm/temp_eta.js";
import { lasts } from "../soak/lasts.mjs";
import { live } from "../soak/week.mjs";

describe("a week", () => {
    it("leaves memory and countdowns as they were, in Node", async (t) => {
        const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
        const { memory } = await wasm.default({ module_or_path: readFileSync(module) });
        setFlagsFromString("--expose-gc");
        const collect = runInNewContext("gc");
        const heap = async () => {
            collect();
            return process.memoryUsage().heapUsed;
        };
        const week = await live(wasm, { days: 7, memory, heap });
        t.diagnostic(JSON.stringify(week.at(-1)));
        lasts(week);
    });
});
