// The wasm module of the release, after wasm-opt.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const file = (path) => new URL(`../../${path}`, import.meta.url);
const shipped = () => {
    const [name] = readdirSync(file("static/built/")).filter((it) =>
        /^temp_eta-\w+\.wasm\.gz$/.test(it),
    );
    return gunzipSync(readFileSync(file(`static/built/${name}`)));
};
const message = (name) =>
    JSON.parse(readFileSync(file(`tests/data/socket/${name}.json`), "utf8"));

describe("the shipped module", () => {
    let core;

    before(async () => {
        const wasm = await import(file("static/wasm/temp_eta.js"));
        await wasm.default({ module_or_path: shipped() });
        core = new wasm.TempEta(() => {});
    });

    // Its ticker would keep this process alive.
    after(() => core.free());

    it("has a countdown from a recorded history, and continues it", () => {
        core.ingest(message("history"), 1000);
        const [tool, bed, chamber] = core.snapshot(1000).heaters;
        assert.deepEqual(
            [tool, bed, chamber].map(({ heater, phase }) => [heater, phase]),
            [
                ["tool0", "heating"],
                ["bed", "heating"],
                ["chamber", "idle"],
            ],
        );
        assert.ok(tool.remaining > 20 && tool.remaining < 120, `${tool.remaining} s`);
        const later = core.snapshot(3000).heaters[0].remaining;
        assert.ok(Math.abs(tool.remaining - later - 2) < 1e-6);
        core.ingest(message("current"), 3000);
        assert.ok(core.snapshot(3000).heaters[0].actual > tool.actual);
    });

    it("throws errors for invalid calls", () => {
        assert.throws(() => core.ingest(null, 0), TypeError);
        assert.throws(() => core.ingest({}, Number.NaN), RangeError);
        assert.throws(() => core.configure({ min_rate: [] }), /min_rate/);
    });

    it("takes the settings that say so, and no others", () => {
        const types = readFileSync(file("static/wasm/temp_eta.d.ts"), "utf8");
        const [, declared] = /interface Settings {(.*?)\n}/s.exec(types);
        const table = JSON.parse(readFileSync(file("src/settings.json"), "utf8"));
        for (const [key, { core: isTaken, default: value }] of Object.entries(table)) {
            const wrong = () => core.configure({ [key]: [] });
            const type = new RegExp(`^    ${key}\\?: `, "m");
            assert.equal(type.test(declared), Boolean(isTaken), key);
            if (isTaken) assert.throws(wrong, new RegExp(`^TypeError: ${key} must be`));
            else wrong();
            core.configure({ [key]: value });
        }
    });

    it("contains no path of the machine that built it", () => {
        const text = shipped().toString("latin1");
        for (const folder of [homedir(), fileURLToPath(file(""))]) {
            assert.ok(!text.includes(folder), folder);
        }
    });

    it("is smaller than 128 kB", () => {
        assert.ok(shipped().length < 128_000);
    });
});
