// The text for bug reports.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./octoprint.mjs";
import { report } from "../../static/js/diagnostics.js";

describe("the report", () => {
    const timing = { count: 10, mean: 0.1234, worst: 1.5 };
    const facts = {
        status: {
            version: "1.2.3",
            server: {
                outlets: ["rest", "mqtt"],
                state: "connected",
                broker: "secret.local:1883",
                detail: "certificate is not valid for 'secret.local'",
                engine: "wasm3",
                engine_problems: { wasmtime: "ImportError: no such file" },
                installed: { "paho-mqtt": "2.1.0", pywasm3: "0.5.0" },
            },
            refused: { min_rate: "no" },
        },
        versions: ["OctoPrint 1.11.8", "Browser"],
        measured: {
            messages: timing,
            snapshots: timing,
            estimates: { count: 0, mean: 0, worst: 0 },
            heaters: 3,
            samples: 100,
            marks: 500,
            memory: 1024 * 1152,
            skipped: { time: 1, actual: 0 },
        },
        settings: {
            algorithm: "linear",
            mqtt_broker_host: "secret.local",
            heaters: [{ heater: "tool0", counted: false, name: "secret" }],
        },
        learned: [
            {
                heater: "bed",
                scores: [{ algorithm: "linear" }, { algorithm: "adaptive" }],
                transients: [
                    [1_790_000_000, 24.8, 60, 120.4, 9, -1, 80, 30.2, 2, 92, 61, 30],
                ],
            },
        ],
    };

    it("has the measurements, and nothing about the broker", () => {
        const text = report(facts);
        for (const line of [
            "Temperature ETA 1.2.3",
            "OctoPrint 1.11.8",
            "Per message: 0.123 ms mean, 1.500 ms worst, of 10",
            "Per estimate: not measured yet",
            "Held: 3 heaters, 100 samples, 500 graph points",
            "Module memory: 1152 KiB",
            "Skipped readings: time 1, actual 0",
            "Outlets: rest mqtt, MQTT connected, runtime wasm3; installed: paho-mqtt 2.1.0, pywasm3 0.5.0",
            "Failed runtimes: wasmtime ImportError: no such file",
            "Rejected settings: min_rate no",
            "Heaters: tool0 hidden",
            "Settings: algorithm linear",
            "bed 25 to 60 °C in 120 s: left 90/60/30, linear -/80/30, adaptive 92/61/30",
        ]) {
            assert.ok(text.split("\n").includes(line), `${line}\nin\n${text}`);
        }
        assert.doesNotMatch(text, /secret/);
    });

    it("works without a status and measurements", () => {
        const text = report({ ...facts, status: null, measured: null });
        assert.match(text, /not running/);
        assert.match(text, /^Outlets: none, MQTT unknown; installed: none$/m);
        const server = { state: "no_client", engine: "", installed: {} };
        const { status } = facts;
        assert.match(
            report({ ...facts, status: { ...status, server } }),
            /^Outlets: none, MQTT no_client, no runtime; installed: none$/m,
        );
    });
});
