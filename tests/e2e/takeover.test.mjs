// A config.yaml that TempETA 0.8.9 has left behind, and one that was written by hand.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache, venvPython } from "../../scripts/paths.mjs";

const read = (file, code) =>
    JSON.parse(
        execFileSync(venvPython, [
            "-c",
            `import sys, json, yaml; c = yaml.safe_load(open(sys.argv[1], encoding="utf-8")); ${code}`,
            file,
        ]),
    );
const old = read(
    fileURLToPath(new URL("../data/config-0.8.9.yaml", import.meta.url)),
    "print(json.dumps(c))",
);
const definitions = JSON.parse(
    readFileSync(new URL("../data/settings.json", import.meta.url), "utf8"),
);

describe("settings from elsewhere", () => {
    let octoprint;
    const basedir = join(cache, "e2e-takeover");
    const start = (options) => startOctoPrint({ basedir, ...options });
    const stored = () =>
        read(
            join(basedir, "config.yaml"),
            'print(json.dumps(c["plugins"].get("temp_eta", {})))',
        );
    const lines = (text) =>
        readFileSync(octoprint.logFile, "utf8")
            .split("\n")
            .filter((line) => line.includes(text));

    before(async () => {
        octoprint = await start({ config: { plugins: { temp_eta: old } } });
    });

    after(() => octoprint?.stop());

    it("are taken over from 0.8.9 at the first start", async () => {
        const now = (await octoprint.api("settings")).plugins.temp_eta;
        const neverValid = [
            "color_heating",
            "mqtt_broker_port",
            "mqtt_qos",
            "temp_display",
        ];
        for (const [key, definition] of Object.entries(definitions)) {
            let expected = definition.default;
            if (key in old && !neverValid.includes(key)) expected = old[key];
            if (key === "mqtt_base_topic") expected = "workshop/heat";
            if (key === "mqtt_password") expected = null;
            assert.deepEqual(now[key], expected, key);
        }
        assert.equal(now.mqtt_password_set, true);
        const config = stored();
        assert.equal(config._config_version, 1);
        assert.equal(config.mqtt_password, old.mqtt_password);
        const dropped = Object.keys(old).filter((key) => key.startsWith("persist_"));
        assert.equal(dropped.length, 4);
        for (const key of [...dropped, ...neverValid]) assert.ok(!(key in config), key);
        const told = lines("Settings of an earlier version");
        assert.equal(told.length, 1);
        for (const key of [...dropped, ...neverValid]) assert.ok(told[0].includes(key));
        assert.ok(!told[0].includes(old.mqtt_password));
    });

    it("are taken over once", async () => {
        await octoprint.stop();
        octoprint = await start({ keep: true, apiKey: octoprint.apiKey });
        assert.equal(lines("Settings of an earlier version").length, 1);
        const now = (await octoprint.api("settings")).plugins.temp_eta;
        assert.equal(now.algorithm, "exponential");
    });

    it("are not used where they are impossible, which the API tells", async () => {
        await octoprint.stop();
        const temp_eta = {
            _config_version: 1,
            min_rate: "fast",
            algorithm: "adaptive",
            history_size: [5],
        };
        octoprint = await start({ config: { plugins: { temp_eta } } });
        const now = (await octoprint.api("settings")).plugins.temp_eta;
        assert.deepEqual(
            [now.min_rate, now.algorithm, now.history_size],
            [0.1, "adaptive", 120],
        );
        assert.equal(lines("Settings in config.yaml were not used").length, 1);
        const { refused } = await octoprint.api("plugin/temp_eta");
        assert.deepEqual(Object.keys(refused).sort(), ["history_size", "min_rate"]);
        await octoprint.stop();
        octoprint = await start({ config: { plugins: { temp_eta: "hello" } } });
        assert.equal((await octoprint.api("settings")).plugins.temp_eta.enabled, true);
    });

    it("are those of nobody in a fresh OctoPrint", async () => {
        await octoprint.stop();
        octoprint = await start();
        assert.deepEqual(lines("Settings of an earlier version"), []);
        assert.deepEqual(lines("ERROR"), []);
    });
});
