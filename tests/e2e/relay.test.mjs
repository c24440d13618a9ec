// The relay in a real OctoPrint, first with no browser open: what a broker hears.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBroker } from "../../scripts/octoprint/broker.mjs";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { subscribe } from "./broker.mjs";
import { openBrowser, openPage, placements, seconds, until } from "./browser.mjs";
import { picture } from "./looks.mjs";

const HEATERS = ["tool0", "tool1", "tool2", "bed", "chamber"];
const TARGETS = { tool0: 210, tool1: 200, tool2: 190, bed: 90, chamber: 60 };
const basedir = join(cache, "e2e-relay");

describe("the relay", () => {
    let broker;
    let listener;
    let octoprint;
    let browser;

    const start = (options = {}) =>
        startOctoPrint({
            basedir,
            config: {
                appearance: { name: "Ender" },
                plugins: {
                    virtual_printer: { numExtruders: 3 },
                    temp_eta: {
                        algorithm: "adaptive",
                        mqtt_enabled: true,
                        mqtt_broker_host: broker.host,
                        mqtt_broker_port: broker.port,
                    },
                },
            },
            ...options,
        });
    const save = (changes) =>
        octoprint.api("settings", { plugins: { temp_eta: changes } });
    const state = async () => (await octoprint.api("plugin/temp_eta")).relay.state;
    const etas = (heater) =>
        listener.heard.filter(({ topic }) => topic.endsWith(`/Ender/${heater}/eta`));
    const last = (heater) => etas(heater).at(-1);

    before(async () => {
        broker = await startBroker({ folder: `${basedir}-broker` });
        listener = await subscribe(broker.port);
        octoprint = await start();
        await octoprint.useTools(3);
        const { bed, chamber, ...tools } = TARGETS;
        await octoprint.api("printer/tool", { command: "target", targets: tools });
        await octoprint.api("printer/bed", { command: "target", target: bed });
        await octoprint.api("printer/chamber", { command: "target", target: chamber });
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
        await listener?.stop();
        await broker?.stop();
    });

    it("publishes every heater with no browser open", async () => {
        await until("times of all", () =>
            HEATERS.every((heater) => last(heater)?.payload.eta_seconds > 0),
        );
        for (const heater of HEATERS) {
            const { payload } = last(heater);
            assert.equal(payload.target, TARGETS[heater]);
            assert.equal(payload.state, "heating");
            assert.equal(payload.eta_kind, "heating");
        }
        const before = etas("bed").length;
        await sleep(8000);
        const added = etas("bed").length - before;
        assert.ok(added >= 3 && added <= 6, `${added} reports in 8 s`);
        const { relay } = await octoprint.api("plugin/temp_eta");
        assert.deepEqual([relay.state, relay.missing], ["connected", []]);
        assert.equal(relay.engine, "wasmtime");
        // The log of a start with it has nothing to complain of.
        const log = readFileSync(octoprint.logFile, "utf8");
        assert.doesNotMatch(log, /temp_eta.*(ERROR|WARNING|Traceback)/);
        assert.match(log, /MQTT broker.*: connected/);
    });

    it("says what a page says that is opened then", async () => {
        browser = await openBrowser();
        const page = await openPage(browser, octoprint.url);
        for (const heater of HEATERS) {
            const { time } = placements(page, heater).inline;
            await until("countdown", async () => seconds(await time.textContent()));
            const differences = [];
            // A page that was busy while it started may have to measure anew.
            const deadline = Date.now() + 60_000;
            for (let same = 0; same < 3; ) {
                const since = etas(heater).length;
                await until("report", () => etas(heater).length > since);
                const { timestamp, eta_seconds } = last(heater).payload;
                // The page says what is new once a second.
                await sleep(1200);
                const shown = seconds(await time.textContent());
                const apart = timestamp + eta_seconds - Date.now() / 1000 - shown;
                differences.push(apart);
                same = Math.abs(apart) < 2 ? same + 1 : 0;
                const told = `${heater} differs by ${differences}`;
                assert.ok(same || Date.now() < deadline, told);
            }
        }
        await picture(page, "40-relay-page");
        assert.deepEqual(page.faults, []);
        await browser.close();
    });

    it("follows a printer profile", async () => {
        const file = join(basedir, "data", "temp_eta", "mqtt.json");
        const announced = (expected) =>
            until(`${expected}`, () => {
                const { heaters } = JSON.parse(readFileSync(file, "utf8"));
                return String(heaters.toSorted()) === String(expected.toSorted());
            });
        await announced(HEATERS);
        await octoprint.useTools(1);
        await announced(["tool0", "bed", "chamber"]);
        await octoprint.useTools(3);
        await announced(HEATERS);
    });

    it("tells what changes, and when the printer goes", async () => {
        await octoprint.api("printer/tool", { command: "target", targets: { tool1: 0 } });
        const change = await until(
            "change of state",
            () =>
                listener.heard.findLast(({ topic }) =>
                    topic.endsWith("tool1/state_change"),
                ) ?? null,
        );
        assert.equal(change.payload.previous_state, "heating");
        assert.ok(["cooling", "idle"].includes(change.payload.state));
        assert.equal(change.retained, false);
        await octoprint.api("connection", { command: "disconnect" });
        // Each heater has a topic, and so a moment, of its own.
        await until("silence", () =>
            HEATERS.every((heater) => last(heater).payload.state === null),
        );
        for (const heater of HEATERS) {
            assert.equal(last(heater).payload.eta_seconds, null);
        }
        await octoprint.api("connection", { command: "connect" });
        // The virtual printer itself reports no more than one tool and the bed then.
        await until("its return", () => last("bed").payload.state !== null);
    });

    it("follows the settings at once, and is switched off at once", async () => {
        const begun = Date.now();
        await save({ mqtt_base_topic: "octoprint/elsewhere" });
        await until("new topic", () =>
            listener.heard.some(
                ({ topic }) => topic === "octoprint/elsewhere/Ender/bed/eta",
            ),
        );
        assert.ok(Date.now() - begun < 6000, "with the next report");
        const off = Date.now();
        await save({ mqtt_enabled: false });
        assert.ok(Date.now() - off < 1500, `${Date.now() - off} ms`);
        await until("end", async () => (await state()) === "off");
        const kept = await subscribe(broker.port);
        await kept.stop();
        assert.deepEqual(
            kept.heard.filter(({ payload }) => payload !== ""),
            [],
        );
        await save({ mqtt_enabled: true, mqtt_base_topic: "octoprint/temp_eta" });
        await until("its return", async () => (await state()) === "connected");
    });

    it("does not keep OctoPrint from stopping, whatever the broker does", async (t) => {
        const stopping = async () => {
            const begun = Date.now();
            await octoprint.stop();
            return Date.now() - begun;
        };
        const usual = await stopping();
        assert.equal(listener.heard.at(-1).payload, "offline");
        octoprint = await start({ keep: true, apiKey: octoprint.apiKey });
        await until("connection", async () => (await state()) === "connected");
        broker.pause();
        try {
            await sleep(2500);
            const paused = await stopping();
            t.diagnostic(`${usual} ms, and ${paused} ms with a broker that stands still`);
            assert.ok(paused - usual < 2500, `${paused} ms after ${usual} ms`);
        } finally {
            broker.resume();
        }
        octoprint = null;
    });
});
