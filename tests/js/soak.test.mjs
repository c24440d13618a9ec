// Days of a printer at twice the usual rate of reports, each in about five seconds; a week in
// `npm run test:all`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as wasm from "../../static/wasm/temp_eta.js";
import { assertStable } from "../soak/checks.mjs";
import { simulate } from "../soak/week.mjs";

const days = process.env.TEMP_ETA_ALL ? 7 : 2;

describe(`${days} days`, () => {
    it("leave memory and countdowns unchanged, in Node", async (t) => {
        const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
        const { memory } = await wasm.default({ module_or_path: readFileSync(module) });
        setFlagsFromString("--expose-gc");
        const collect = runInNewContext("gc");
        const heap = async () => {
            collect();
            return process.memoryUsage().heapUsed;
        };
        const storage = () => assert.fail("Node has none");
        const week = await simulate(wasm, { days, memory, heap, storage });
        t.diagnostic(JSON.stringify(week.at(-1)));
        assertStable(week);
    });
});
