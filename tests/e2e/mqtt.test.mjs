// MQTT publishing in a real OctoPrint, first with no browser open.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startBroker, subscribe } from "./broker.mjs";
import { openPage, placements, seconds } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { startOctoPrint } from "./octoprint.mjs";
import { picture } from "./visual_checks.mjs";

const HEATERS = ["tool0", "tool1", "tool2", "bed", "chamber"];
const TARGETS = { tool0: 330, tool1: 320, tool2: 310, bed: 90, chamber: 60 };

test.describe.configure({ mode: "serial" });

let broker;
let listener;
let octoprint;

const start = (options) =>
    startOctoPrint({
        // Nothing arrives before all has been looked at.
        timeScale: 0.5,
        settings: { algorithm: "adaptive", ...broker.settings },
        config: {
            appearance: { name: "Ender" },
            plugins: { virtual_printer: { numExtruders: 3 } },
        },
        ...options,
    });
const status = async () => (await octoprint.api("plugin/temp_eta")).server;
const becomes = (state) => expect.poll(async () => (await status()).state).toBe(state);
const etas = (heater, base = "octoprint/temp_eta") =>
    listener.heard.filter(({ topic }) => topic === `${base}/Ender/${heater}/eta`);
const last = (heater) => etas(heater).at(-1);

test.beforeAll(async () => {
    broker = await startBroker();
    listener = await subscribe(broker.port);
    octoprint = await start();
    await octoprint.useTools(3);
    await octoprint.heat(TARGETS);
});

test.afterAll(async () => {
    broker?.resume();
    await octoprint?.stop();
    await listener?.stop();
    await broker?.stop();
});

test("publishes every heater with no browser open", async () => {
    for (const heater of HEATERS) {
        await expect
            .poll(() => last(heater)?.payload.eta_seconds, { message: heater })
            .toBeGreaterThan(0);
        const { payload } = last(heater);
        expect(payload).toMatchObject({
            target: TARGETS[heater],
            state: "heating",
            eta_kind: "heating",
        });
    }
    // Every two seconds, by their own stamps, or with the next reading after that.
    const begun = etas("bed").length;
    await expect.poll(() => etas("bed").length - begun).toBeGreaterThanOrEqual(6);
    const stamps = etas("bed").map(({ payload }) => payload.timestamp);
    const [first, end] = [stamps[begun], stamps[begun + 5]];
    expect(end - first, "s for 5 more").toBeGreaterThan(6.6);
    const { temperature } = await octoprint.api("printer?history=true");
    const taken = temperature.history.filter(({ time }) => time > first && time <= end);
    expect(taken.length, "readings for 5 more").toBeLessThanOrEqual(8);

    const current = await status();
    expect(current).toMatchObject({
        state: "connected",
        missing: [],
        engine: "wasmtime",
    });
    // The log of a start with it has nothing to complain of.
    const log = readFileSync(octoprint.logFile, "utf8");
    expect(log).not.toMatch(/temp_eta.*(ERROR|WARNING|Traceback)/);
    expect(log).toMatch(/MQTT broker.*: connected/);
});

test("says what a page says that is opened then", async ({ browser }) => {
    const page = await openPage(browser, octoprint);
    const says = (heater) => {
        const { time } = placements(page, heater).inline;
        // A page that was busy while it started may have to measure anew.
        const agreed = new Set();
        const agree = async () => {
            const [text, now] = await time.evaluate((it) => [
                it.textContent,
                Date.now() / 1000,
            ]);
            const shown = seconds(text);
            const { timestamp, eta_seconds } = last(heater).payload;
            const apart = timestamp + eta_seconds - now - shown;
            // If it has, it knows less of a long heat-up than the server.
            const allowed = Math.max(2, 0.04 * shown);
            if (shown === null || Math.abs(apart) >= allowed) agreed.clear();
            else agreed.add(timestamp);
            return agreed.size || `${shown} s shown, ${apart} s apart`;
        };
        const message = `reports on end that ${heater}'s page agrees with`;
        return expect.poll(agree, { message, intervals: [1000] }).toBe(3);
    };
    await Promise.all(HEATERS.map(says));
    await picture(page, "40-mqtt-page");
    expect(page.faults).toEqual([]);
    await page.close();
});

/** Waits until these heaters are published to Home Assistant. */
function announced(heaters) {
    const file = join(octoprint.basedir, "data", "temp_eta", "mqtt.json");
    return expect
        .poll(() => JSON.parse(readFileSync(file, "utf8")).heaters.toSorted())
        .toEqual(heaters.toSorted());
}

test("follows a printer profile", async () => {
    await announced(HEATERS);
    await octoprint.useTools(1);
    await announced(["tool0", "bed", "chamber"]);
    await octoprint.useTools(3);
    await announced(HEATERS);
});

test("follows which heaters are shown, and what they are called", async () => {
    const { id } = listener.heard.find(({ topic }) => topic.endsWith("/status")).payload;
    const names = () => {
        const device = `homeassistant/device/temp_eta_${id}/config`;
        const { payload } = listener.heard.findLast(({ topic }) => topic === device);
        return Object.values(payload.cmps).map(({ name }) => name);
    };
    const hidden = { heater: "chamber", counted: false, name: "" };
    const bed = { heater: "bed", counted: true, name: "Bett" };
    await octoprint.configure({ heaters: [hidden, bed] });
    await announced(HEATERS.filter((heater) => heater !== "chamber"));
    await expect.poll(names).toContain("Bett ready at");
    expect(names()).not.toContain("Chamber ready at");
    await octoprint.configure({ heaters: [] });
    await announced(HEATERS);
});

test("tells what changes, and when the printer goes", async () => {
    const changes = () =>
        listener.heard.filter(({ topic }) => topic.endsWith("tool1/state_change"));
    const before = changes().length;
    await octoprint.heat({ tool1: 0 });
    await expect.poll(() => changes().length).toBeGreaterThan(before);
    const change = changes()[before];
    expect(change.payload.previous_state).toBe("heating");
    expect(["cooling", "idle"]).toContain(change.payload.state);
    expect(change.retained).toBe(false);
    await octoprint.api("connection", { command: "disconnect" });
    // Each heater has a topic, and so a moment, of its own.
    for (const heater of HEATERS) {
        await expect
            .poll(() => last(heater).payload, { message: heater })
            .toMatchObject({ state: null, eta_seconds: null });
    }
    await octoprint.api("connection", { command: "connect" });
    // The virtual printer itself reports no more than one tool and the bed then.
    await expect.poll(() => last("bed").payload.state).not.toBeNull();
});

test("follows the settings at once, and is switched off at once", async () => {
    await octoprint.heat({ bed: TARGETS.bed });
    await expect.poll(() => last("bed").payload.state).toBe("heating");
    await octoprint.configure({ mqtt_base_topic: "octoprint/elsewhere" });
    const moved = () => etas("bed", "octoprint/elsewhere");
    await expect.poll(() => moved().length).toBeGreaterThan(2);
    const late = listener.heard
        .slice(listener.heard.indexOf(moved()[0]))
        .filter(({ topic }) => topic.startsWith("octoprint/temp_eta/"))
        .filter(({ payload }) => payload !== "");
    expect(late, "reports to the old topic").toEqual([]);

    await becomes("connected");
    broker.pause();
    await octoprint.configure({ mqtt_enabled: false });
    await becomes("off");
    broker.resume();
    const kept = async () => {
        const { heard, stop } = await subscribe(broker.port);
        await stop();
        return heard.filter(({ payload }) => payload !== "");
    };
    await expect.poll(kept, { message: "what the broker keeps" }).toEqual([]);
    await octoprint.configure({
        mqtt_enabled: true,
        mqtt_base_topic: "octoprint/temp_eta",
    });
    await becomes("connected");
});

test("does not keep OctoPrint from stopping, whatever the broker does", async () => {
    await octoprint.stop({ graceMs: 120_000 });
    const usual = await octoprint.ended;
    expect(usual, "ends by itself").not.toBeNull();
    await expect.poll(() => listener.heard.at(-1).payload).toBe("offline");
    octoprint = await start({ keep: true, apiKey: octoprint.apiKey });
    await becomes("connected");
    await octoprint.heat({ bed: TARGETS.bed });
    broker.pause();
    const { sent } = await status();
    await expect.poll(async () => (await status()).sent).toBeGreaterThan(sent);
    await octoprint.stop({ graceMs: 120_000 });
    expect(await octoprint.ended, "ends while the broker stands still").toBe(usual);
});
