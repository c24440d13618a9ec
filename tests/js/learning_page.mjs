// Pages without a browser that learn with the built module.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Engine } from "../../static/js/engine.js";
import * as wasm from "../../static/wasm/temp_eta.js";

export const PROFILE = {
    id: "test",
    profileId: "one",
    tools: 1,
    bed: true,
    chamber: false,
};

/** The instances of the module, whose tickers would keep this process alive. */
const cores = [];

class TempEta extends wasm.TempEta {
    constructor(onTick) {
        super(onTick);
        cores.push(this);
    }
}

/** Loads the module, before all tests. */
export async function initialize() {
    const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
    await wasm.default({ module_or_path: readFileSync(module) });
}

/** Frees all pages, after each test. */
export function closePages() {
    for (const core of cores.splice(0)) core.free();
}

/** A page without a printer. The storage may be a function that returns it, or throws. */
export function newPage({ storage, server, onLearned }) {
    const source = typeof storage === "function" ? storage : () => storage;
    const page = { storage: source, server, onLearned };
    return new Engine({ ...wasm, TempEta }, () => {}, assert.fail, page);
}

/** Heats a bed from cold, beginning at `start` (s): at rest, then up to 60 °C. */
export function heatUp(page, start, name = "bed") {
    for (let second = 0; second < 160; second += 2) {
        const actual = 20 + 0.4 * Math.min(Math.max(second - 12, 0), 100);
        const heater = { actual, target: second < 10 ? 0 : 60 };
        const time = start + second;
        const message = { serverTime: time + 0.5, temps: [{ time, [name]: heater }] };
        page.ingest(message, 1000 * second);
    }
}
