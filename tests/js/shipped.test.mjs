// The wasm module of the release, after wasm-opt.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { FEATURES, loadShipped, shippedBytes } from "./shipped_module.mjs";

const file = (path) => new URL(`../../${path}`, import.meta.url);
const message = (name) =>
    JSON.parse(readFileSync(file(`tests/data/socket/${name}.json`), "utf8"));

describe("the shipped module", () => {
    let core;

    before(async () => {
        const wasm = await loadShipped();
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

    it("tells what makes no sense, and takes texts for what they say", () => {
        const { serverTime } = message("current");
        const rows = (temps, seconds) => {
            const time = Math.floor(serverTime + seconds);
            const now = 3000 + 1000 * seconds;
            const temperatures = [{ time, ...temps }];
            core.ingest({ serverTime: serverTime + seconds, temps: temperatures }, now);
            return core.snapshot(now).heaters;
        };
        const good = { actual: "25.5", target: " OFF " };
        let [tool, bed, chamber] = rows(
            {
                tool0: { actual: 1023.75, target: "200.0" },
                bed: { actual: "open", target: 60 },
                chamber: good,
            },
            2,
        );
        assert.deepEqual(
            [tool.reason, tool.actual, tool.target, tool.goal],
            [...["implausible", 1023.75], ...[200, 200]],
        );
        assert.deepEqual([tool.remaining, tool.rate, tool.progress], [null, null, null]);
        assert.deepEqual([bed.reason, bed.actual], ["implausible", Number.NaN]);
        assert.deepEqual([chamber.actual, chamber.target], [25.5, 0]);
        const later = {
            tool0: { actual: 32.11, target: -28416 },
            bed: good,
            chamber: good,
        };
        // One good report may be chance.
        rows(later, 4);
        [tool, bed, chamber] = rows(later, 6);
        assert.deepEqual([tool.actual, tool.target, tool.phase], [32.11, 0, "idle"]);
        assert.equal(bed.actual, 25.5);
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
        const text = shippedBytes().toString("latin1");
        for (const folder of [homedir(), fileURLToPath(file(""))]) {
            assert.ok(!text.includes(folder), folder);
        }
    });

    it("needs no reference types, which Safari 16.0 to 16.3 gets wrong", () => {
        const module = binaryen.readBinary(shippedBytes());
        module.setFeatures(FEATURES);
        assert.ok(module.validate(), "it needs a feature that the build does not name");
        module.dispose();
    });

    it("is smaller than 148 kB", () => {
        assert.ok(shippedBytes().length < 148_000);
    });
});
