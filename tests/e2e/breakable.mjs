// The calculation as it ships, with a switch that breaks it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "@playwright/test";
import binaryen from "binaryen";
import { root } from "../../scripts/paths.mjs";

const built = join(root, "static", "built");

/** The shipped calculation, unpacked. */
export function shippedCore() {
    const [name] = readdirSync(built).filter((it) => /^temp_eta-\w+\.wasm\.gz$/.test(it));
    return gunzipSync(readFileSync(join(built, name)));
}

/** What the build lets be in it, see scripts/build/wasm.mjs. */
const SUPPORTED = [
    ..."BulkMemory BulkMemoryOpt MutableGlobals SignExt NontrappingFPToInt".split(" "),
    ..."ReferenceTypes Multivalue".split(" "),
].reduce((all, name) => all | binaryen.Features[name], 0);

/** What the calculation exports of its class, and how each can end. */
const METHODS = ["new", "configure", "equip", "ingest", "snapshot", "graph"];
const ENDS = ["trap", "panic"];

const code = (method, end) =>
    1 + METHODS.indexOf(method) * ENDS.length + ENDS.indexOf(end);

/**
 * Has the page load a calculation that can be broken; `broken` from the start, as in
 * `["new", "trap"]`.
 */
export async function loadBreakable(page, broken) {
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
        broken ? code(...broken) : 0,
    );
    const body = breakable();
    await page.route("**/*.wasm.gz", (route) =>
        route.fulfill({ contentType: "application/wasm", body }),
    );
}

/** From now on `method` ends so, "trap" or "panic". */
export function breakDown(page, method, end) {
    return page.evaluate(
        (fault) => {
            window.core.fault.value = fault;
        },
        code(method, end),
    );
}

/** Calls what has broken down, as the page never should. */
export function callOnce(page) {
    return page.evaluate(() => {
        try {
            window.core.tempeta_snapshot(0, 0);
        } catch {
            // It is broken.
        }
    });
}

/** How often a broken calculation was called again, be it only to free it. */
export async function callsAfterBreakdown(page) {
    // What has been collected is freed in tasks that come later, but in order: when something
    // of the second round is freed, all of the first one has been.
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
        await expect.poll(freed, { message: "freed garbage" }).toBe(true);
    }
    return page.evaluate(() => window.core.late.value);
}

let made;

function breakable() {
    if (made) return made;
    const module = binaryen.readBinary(shippedCore());
    module.setFeatures(SUPPORTED);
    const { block, global, i32 } = module;
    const get = (name) => global.get(name, binaryen.i32);
    for (const name of ["fault", "broken", "late"]) {
        module.addGlobal(name, binaryen.i32, true, i32.const(0));
        module.addGlobalExport(name, name);
    }
    const [panic, place] = panicking(module.emitText());
    const breaks = (method, end, ...parts) =>
        module.if(
            i32.eq(get("fault"), i32.const(code(method, end))),
            block(null, [
                global.set("broken", i32.const(1)),
                ...parts,
                module.unreachable(),
            ]),
        );
    const counts = () =>
        module.if(get("broken"), global.set("late", i32.add(get("late"), i32.const(1))));
    for (let i = 0; i < module.getNumExports(); i++) {
        const { name, value } = binaryen.getExportInfo(module.getExportByIndex(i));
        const method = /^(?:__wbg_)?tempeta_(\w+)$/.exec(name)?.[1];
        if (!method) continue;
        const it = module.getFunction(value);
        const { body, results } = binaryen.getFunctionInfo(it);
        const parts = [counts()];
        if (METHODS.includes(method)) {
            const call = module.call(panic, [i32.const(place)], binaryen.none);
            parts.push(breaks(method, "trap"), breaks(method, "panic", call));
        }
        binaryen.Function.setBody(it, block(null, [...parts, body], results));
    }
    if (!module.validate()) throw new Error("the breakable calculation is no wasm");
    made = Buffer.from(module.emitBinary());
    return made;
}

/**
 * A function that panics for ever and the place in the source that it names: what is called
 * with nothing but a place, and never returns.
 */
function panicking(text) {
    const call = /\(call \$(\S+)\s+\(i32\.const (\d+)\)\s*\)\s*\(unreachable\)/.exec(
        text,
    );
    return [call[1], Number(call[2])];
}
