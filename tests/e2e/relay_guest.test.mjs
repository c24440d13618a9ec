// What the relay adds to a real OctoPrint: its callback, its memory, its threads.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startBroker } from "../../scripts/octoprint/broker.mjs";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { until } from "./browser.mjs";

const timer = fileURLToPath(new URL("../callback_timer", import.meta.url));

describe("the relay as a guest", () => {
    let broker;
    let octoprint;

    before(async () => {
        broker = await startBroker({ folder: join(cache, "e2e-relay-guest-broker") });
        octoprint = await startOctoPrint({
            basedir: join(cache, "e2e-relay-guest"),
            heat: { tool0: 210, bed: 90 },
            plugins: [timer],
        });
        // What OctoPrint does at its start is over then.
        await sleep(10_000);
    });

    after(async () => {
        broker?.resume();
        await octoprint?.stop();
        await broker?.stop();
    });

    const measured = () => octoprint.api("plugin/callback_timer");
    const process = () => {
        const text = readFileSync(`/proc/${octoprint.pid}/status`, "utf8");
        const value = (name) => new RegExp(`${name}:\\s*(\\w+)`).exec(text)[1];
        return { resident: Number(value("VmRSS")), handlers: value("SigCgt") };
    };

    it("adds two threads, no signal handlers, and 25 MB at most", async (t) => {
        const save = (changes) =>
            octoprint.api("settings", { plugins: { temp_eta: changes } });
        const before = process();
        const { host, port } = broker;
        await save({
            mqtt_enabled: true,
            mqtt_broker_host: host,
            mqtt_broker_port: port,
        });
        await until("connection", async () => {
            const { relay } = await octoprint.api("plugin/temp_eta");
            return relay.state === "connected" && relay.engine === "wasmtime";
        });
        await sleep(10_000);
        const { threads } = await measured();
        const added = (process().resident - before.resident) / 1024;
        t.diagnostic(`${added.toFixed(1)} MB more`);
        assert.deepEqual(
            threads.filter((name) => name.startsWith("temp_eta")),
            ["temp_eta broker", "temp_eta relay"],
        );
        assert.equal(process().handlers, before.handlers);
        assert.ok(added <= 25, `${added} MB`);
    });

    it("is called as fast with a broker that stands still", async (t) => {
        const p99 = ({ times }) => times[Math.floor(0.99 * times.length)];
        const usual = p99(await measured());
        broker.pause();
        await sleep(2500);
        const still = p99(await measured());
        broker.resume();
        const told = [usual, still].map((seconds) => `${(1e6 * seconds).toFixed(0)} µs`);
        t.diagnostic(`99 of 100 calls took less than ${told[0]}, then ${told[1]}`);
        // Whoever waited for the broker would wait for seconds; the rest is this machine.
        assert.ok(still < 10 * usual + 0.001, told.join(", "));
    });
});
