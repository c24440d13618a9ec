// The wasm module of the release, instrumented so that a method can be made to fail.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "@playwright/test";
import binaryen from "binaryen";
import { root } from "../../scripts/paths.mjs";
import { FEATURES } from "../js/shipped_module.mjs";

const built = join(root, "static", "built");

/** The wasm module of the build, unpacked. */
export function shippedCore() {
    const [name] = readdirSync(built).filter((it) => /^temp_eta-\w+\.wasm\.gz$/.test(it));
    return gunzipSync(readFileSync(join(built, name)));
}

/** The methods of the exported class that can be made to fail, and how. */
const METHODS = ["new", "configure", "equip", "ingest", "snapshot", "graph"];
const FAILURES = ["trap", "panic"];

const code = (method, failure) =>
    1 + METHODS.indexOf(method) * FAILURES.length + FAILURES.indexOf(failure);

/**
 * Makes the page load the instrumented module; `initial` fails from the start, for example
 * `["new", "trap"]`.
 */
export async function loadBreakable(page, initial) {
    await page.addInitScript(
        (fault) => {
            const { instantiate } = WebAssembly;
            WebAssembly.instantiate = async (...args) => {
                const { instance, module } = await instantiate.apply(WebAssembly, args);
                window.core = instance.exports;
                window.core.fault.value = fault;
                return { instance, module };
            };
        },
        initial ? code(...initial) : 0,
    );
    const body = breakable();
    await page.route("**/*.wasm.gz", (route) =>
        route.fulfill({ contentType: "application/wasm", body }),
    );
}

/** Makes `method` fail from now on, with a "trap" or a "panic". */
export function failIn(page, method, failure) {
    return page.evaluate(
        (fault) => {
            window.core.fault.value = fault;
        },
        code(method, failure),
    );
}

/** Calls the failed module, as the page must not do. */
export function callAfterFailure(page) {
    return page.evaluate(() => {
        try {
            window.core.tempeta_snapshot(0, 0);
        } catch {
            // It has failed.
        }
    });
}

/** The number of calls to the failed module, including those that free objects. */
export async function callsAfterFailure(page) {
    // Finalizers run in later tasks, but in order: once an object of the second round is
    // finalized, all of the first round have been.
    for (let round = 0; round < 2; round++) {
        await page.evaluate(() => {
            window.freed = false;
            window.registry = new FinalizationRegistry(() => {
                window.freed = true;
            });
            window.registry.register({});
        });
        const freed = async () => {
            await page.requestGC();
            return page.evaluate(() => window.freed);
        };
        await expect.poll(freed, { message: "finalized" }).toBe(true);
    }
    return page.evaluate(() => window.core.late.value);
}

let made;

function breakable() {
    if (made) return made;
    const module = binaryen.readBinary(shippedCore());
    module.setFeatures(FEATURES);
    const { block, global, i32 } = module;
    const get = (name) => global.get(name, binaryen.i32);
    for (const name of ["fault", "broken", "late"]) {
        module.addGlobal(name, binaryen.i32, true, i32.const(0));
        module.addGlobalExport(name, name);
    }
    const [panic, place] = findPanic(module.emitText());
    const failsOn = (method, failure, ...parts) =>
        module.if(
            i32.eq(get("fault"), i32.const(code(method, failure))),
            block(null, [
                global.set("broken", i32.const(1)),
                ...parts,
                module.unreachable(),
            ]),
        );
    const countsCall = () =>
        module.if(get("broken"), global.set("late", i32.add(get("late"), i32.const(1))));
    for (let i = 0; i < module.getNumExports(); i++) {
        const { name, value } = binaryen.getExportInfo(module.getExportByIndex(i));
        const method = /^(?:__wbg_)?tempeta_(\w+)$/.exec(name)?.[1];
        if (!method) continue;
        const it = module.getFunction(value);
        const { body, results } = binaryen.getFunctionInfo(it);
        const parts = [countsCall()];
        if (METHODS.includes(method)) {
            const call = module.call(panic, [i32.const(place)], binaryen.none);
            parts.push(failsOn(method, "trap"), failsOn(method, "panic", call));
        }
        binaryen.Function.setBody(it, block(null, [...parts, body], results));
    }
    if (!module.validate()) throw new Error("the instrumented module is invalid");
    made = Buffer.from(module.emitBinary());
    return made;
}

/**
 * A function that panics and the source location that is its argument: found by a call with
 * only a location that never returns.
 */
function findPanic(text) {
    const call = /\(call \$(\S+)\s+\(i32\.const (\d+)\)\s*\)\s*\(unreachable\)/.exec(
        text,
    );
    return [call[1], Number(call[2])];
}
