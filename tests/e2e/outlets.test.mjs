// Each outlet alone in a real OctoPrint, with no browser open.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { startBroker, subscribe } from "./broker.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { octoprintFolder, readYaml, startOctoPrint } from "./octoprint.mjs";
import { ELSEWHERE } from "./other_users.mjs";
import {
    documented,
    etas,
    event,
    gone,
    outlets,
    probe,
    probed,
    seen,
} from "./outlets.mjs";

test.describe.configure({ mode: "serial" });

const OFF = outlets(false);

/** 3 s, in minutes. */
const SOAK = 0.05;

let octoprint;
let broker;
let listener;
let ready;

const only = (outlet, changes) =>
    octoprint.configure({ ...OFF, [`${outlet}_enabled`]: true, ...changes });

test.beforeAll(async () => {
    broker = await startBroker();
    listener = await subscribe(broker.port);
    octoprint = await startWith(eventManager());
});

test.afterAll(async () => {
    await octoprint?.stop();
    await listener?.stop();
    await broker?.stop();
});

const startWith = (options) =>
    startOctoPrint({
        timeScale: 4,
        plugins: [probe],
        settings: {
            heaters: [{ heater: "bed", counted: true, name: "Bett links" }],
            soak_time_bed: SOAK,
            cooldown_target_bed: 50,
        },
        ...options,
    });

/** Waits for new reports of the printer. */
async function reports(count) {
    const newest = async () =>
        (await octoprint.api("printer?history=true")).temperature.history.at(-1)?.time;
    const before = await newest();
    const times = new Set();
    const seen = async () => times.add(await newest()).size;
    await expect
        .poll(seen, { message: `reports after ${before}` })
        .toBeGreaterThan(count);
}

/** Makes the bed as cold as this, in °C. */
async function coolBed(to) {
    const { temperature } = await octoprint.api("printer");
    await octoprint.coolBed(temperature.bed.actual - to);
}

/** The documentation's example for config.yaml, with a file of ours. */
function eventManager() {
    const example = `${octoprintFolder("example")}.yaml`;
    ready = `${octoprintFolder("ready")}.txt`;
    rmSync(ready, { force: true });
    const text = documented("without-a-browser.md", "In the Event Manager", "yaml");
    writeFileSync(example, text.replace("/home/pi/ready.txt", ready));
    const plugins = { demo_printer: { stays_warm: true } };
    return { config: { ...readYaml(example), appearance: { name: "Ender" }, plugins } };
}

test("is not there while all are off", async () => {
    await octoprint.heat({ bed: 60 });
    expect(await etas(octoprint)).toEqual({ state: "off" });
    await octoprint.heat({ bed: 0 });
    const { threads, callbacks, packages, events } = await probed(octoprint);
    expect({ threads, callbacks, packages, events }).toEqual({
        ...{ threads: [], callbacks: 0, packages: [], events: [] },
    });
});

test("events: reach other plugins and the Event Manager", async () => {
    await only("events");
    // It sees the heat-up from its start.
    const runtime = async () => (await octoprint.api("plugin/temp_eta")).server.engine;
    await expect.poll(runtime).toBe("wasmtime");
    await reports(2);
    await octoprint.heat({ bed: 60 });
    const reached = await event(octoprint, "target_reached", "bed");
    expect(reached).toEqual({
        ...{ heater: "bed", name: "Bett links", target: 60 },
        actual: expect.any(Number),
        duration: expect.any(Number),
        predicted: expect.any(Number),
        timestamp: expect.any(Number),
    });
    expect(Math.abs(reached.actual - 60)).toBeLessThan(3);
    expect(reached.duration).toBeGreaterThan(1);
    const soaked = await event(octoprint, "soaked", "bed");
    expect(soaked.timestamp - reached.timestamp).toBeGreaterThanOrEqual(60 * SOAK - 1);
    const printer = await event(octoprint, "printer_ready");
    expect(Object.keys(printer).sort()).toEqual([...["name", "timestamp"]]);
    // The system command and the G-code of the documentation.
    await expect
        .poll(() => existsSync(ready) && readFileSync(ready, "utf8"))
        .toBeTruthy();
    expect(readFileSync(ready, "utf8")).toBe("Ender is ready\n");
    const sent = await seen(octoprint, "sent", (it) => it.startsWith("M118"));
    expect(sent).toMatch(/^M118 Bett links is at [\d.]+ of 60(\.0)?$/);
    await octoprint.heat({ bed: 0 });
    await event(octoprint, "cooled_down", "bed");
    const names = (await probed(octoprint)).events.map(([name]) => name);
    expect(names, "each once").toEqual([
        ...["plugin_temp_eta_target_reached", "plugin_temp_eta_soaked"],
        ...["plugin_temp_eta_printer_ready", "plugin_temp_eta_cooled_down"],
    ]);
});

test("events: none for what was there before", async () => {
    await octoprint.heat({ bed: 62 });
    const reached = async () =>
        (await probed(octoprint)).events.filter(([, { target }]) => target === 62);
    await expect.poll(async () => (await reached()).length).toBe(2);
    await octoprint.configure(OFF);
    await gone(octoprint);
    const { events } = await probed(octoprint);
    // From OctoPrint's history it knows that the bed has been there for a while.
    await octoprint.configure({ events_enabled: true, rest_enabled: true });
    const moments = new Set();
    const calculated = async () => {
        const { timestamp, heaters } = await etas(octoprint);
        if (heaters?.bed) moments.add(timestamp);
        return moments.size;
    };
    await expect.poll(calculated, { message: "calculations" }).toBeGreaterThan(3);
    expect((await etas(octoprint)).heaters.bed.state).toBe("at_target");
    expect((await probed(octoprint)).events).toEqual(events);
    // Nor when the printer is connected again, with a warm bed that is off then.
    await octoprint.setTimeScale(0.1);
    await octoprint.api("connection", { command: "disconnect" });
    await expect.poll(async () => (await etas(octoprint)).heaters).toEqual({});
    await octoprint.api("connection", { command: "connect" });
    moments.clear();
    await expect.poll(calculated, { message: "calculations" }).toBeGreaterThan(3);
    expect((await probed(octoprint)).events).toEqual(events);
    await octoprint.setTimeScale(4);
    await octoprint.heat({ bed: 0 });
});

test("REST: is what is calculated, for guests too, and says when it is off", async () => {
    await only("rest");
    await octoprint.setTimeScale(1);
    await octoprint.heat({ tool0: 215, bed: 90 });
    const heating = async () => {
        const { heaters, printer } = await etas(octoprint);
        return Math.min(heaters?.tool0?.eta_seconds, printer?.eta_seconds);
    };
    await expect.poll(heating).toBeGreaterThan(0);
    const { state, timestamp, heaters, printer } = await etas(octoprint);
    expect(state).toBe("on");
    expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(60);
    expect(heaters.tool0).toMatchObject({ state: "heating", target: 215, timestamp });
    expect(heaters.bed).toMatchObject({ heater: "bed", target: 90, timestamp });
    expect(printer).toMatchObject({ state: "heating", timestamp });
    await octoprint.setTimeScale(4);

    // The example for a shell.
    const script = documented("without-a-browser.md", "REST API", "sh")
        .replace("http://octopi.local/", octoprint.url)
        .split("|\n")[0];
    const answer = execFileSync("sh", ["-c", script], {
        env: { ...process.env, KEY: octoprint.apiKey },
    });
    expect(JSON.parse(answer).etas.heaters.tool0.heater).toBe("tool0");

    const asGuest = () =>
        fetch(`${octoprint.url}api/plugin/temp_eta`, { headers: ELSEWHERE });
    await octoprint.put("access/groups/guests", { permissions: ["STATUS"] });
    expect(Object.keys(await (await asGuest()).json())).toEqual(["etas"]);
    await octoprint.put("access/groups/guests", { permissions: [] });
    expect((await asGuest()).status).toBe(403);

    await octoprint.configure(OFF);
    expect(await etas(octoprint)).toEqual({ state: "off" });
    await gone(octoprint);
    await octoprint.heat({ tool0: 0, bed: 0 });
});

test("display: shows the time left, and is cleared at the end", async () => {
    await only("display");
    await coolBed(25);
    await octoprint.heat({ bed: 75 });
    await seen(octoprint, "sent", (it) => /^M117 Bed \d+:\d\d$/.test(it));
    await seen(octoprint, "sent", (it) => it === "M117");
    const { sent } = await probed(octoprint);
    const shown = sent.filter((it) => it.startsWith("M117"));
    expect(shown.indexOf("M117"), "cleared once").toBe(shown.length - 1);
    expect(shown.every((it) => it.length <= "M117 ".length + 20)).toBe(true);
    await octoprint.heat({ bed: 0 });
});

test("display: nothing during a print but in its wait", async () => {
    const before = (await probed(octoprint)).sent.length;
    const wait = ["M140 S90", "M105", "G4 S6", "M190 S90", "M118 waited"];
    const rest = Array.from({ length: 400 }, () => "G4 P50");
    const job = [...wait, ...rest, "M104 S200", ...rest, "M118 end"].join("\n");
    const form = new FormData();
    form.append("file", new Blob([job]), "job.gcode");
    form.append("print", "true");
    await octoprint.request("api/files/local", { method: "POST", body: form });
    await seen(octoprint, "sent", (it) => it === "M118 waited");
    await seen(octoprint, "sent", (it) => it === "M118 end");
    const { sent } = await probed(octoprint);
    const during = sent.slice(before);
    const [begin, end] = ["M118 waited", "M118 end"].map((it) => during.indexOf(it));
    // A countdown would stand still while the firmware waits.
    const waited = during.slice(0, begin).filter((it) => it.startsWith("M117"));
    expect(waited).toContainEqual(expect.stringMatching(/^M117 Bed @\d\d:\d\d$/));
    const printed = during.slice(begin + 1, end);
    // One may have waited in the queue; it is cleared.
    const shown = printed.filter((it) => it.startsWith("M117"));
    expect(shown.filter((it) => it !== "M117").length).toBeLessThanOrEqual(1);
    expect(
        shown.filter((it) => it.includes("T ")),
        "the tool in the print",
    ).toEqual([]);
    await octoprint.heat({ bed: 0, tool0: 0 });
});

test("MQTT: says at a moment what REST says", async () => {
    await octoprint.configure({
        ...OFF,
        ...broker.settings,
        ...{ rest_enabled: true, mqtt_publish_interval: 0.1 },
    });
    await octoprint.setTimeScale(1);
    await coolBed(25);
    await octoprint.heat({ bed: 100 });
    const base = "octoprint/temp_eta/Ender";
    const published = (topic, timestamp) =>
        listener.heard.find(
            (it) =>
                it.topic === `${base}/${topic}/eta` && it.payload.timestamp === timestamp,
        )?.payload;
    const answers = new Map();
    // Of a moment whose messages have both arrived: one may be replaced by a newer one.
    const compared = async () => {
        const { heaters, printer } = await etas(octoprint);
        const bed = heaters?.bed;
        const isKnown = typeof bed?.eta_seconds === "number" && printer;
        if (isKnown) answers.set(bed.timestamp, { bed, printer });
        const both = [...answers.values()].map((it) => {
            const messages = {
                bed: published("bed", it.bed.timestamp),
                printer: published("printer", it.printer.timestamp),
            };
            return [it, messages];
        });
        const heard = both.filter(([, { bed, printer }]) => bed && printer);
        for (const [answer, messages] of heard) expect(answer).toEqual(messages);
        return heard.length;
    };
    await expect.poll(compared, { message: "moments compared" }).toBeGreaterThan(3);
    await octoprint.setTimeScale(4);
    await octoprint.heat({ bed: 0 });
});

test("MQTT: events, and what it retains is cleared while another outlet stays", async () => {
    // More than in any test before, from which it may still be warm.
    await octoprint.heat({ tool0: 250 });
    const events = () => listener.heard.filter(({ topic }) => topic.endsWith("/event"));
    await expect
        .poll(() => events().map(({ payload }) => payload.event_type))
        .toContain("target_reached");
    expect(events().some(({ retained }) => retained)).toBe(false);
    await octoprint.configure({ mqtt_retain: true });
    const retained = async () => {
        const { heard, stop } = await subscribe(broker.port);
        await stop();
        return heard.filter(({ payload }) => payload !== "").map(({ topic }) => topic);
    };
    await expect.poll(retained).toContain("octoprint/temp_eta/Ender/printer/eta");
    await octoprint.configure({ mqtt_enabled: false });
    await expect.poll(retained).toEqual([]);
    expect((await etas(octoprint)).state).toBe("on");
    const { threads } = await probed(octoprint);
    expect(threads).toEqual(["temp_eta server"]);
});

test("all are switched off and on at run time", async () => {
    await octoprint.configure(OFF);
    await gone(octoprint);
    await octoprint.configure({ events_enabled: true, display_enabled: true });
    const there = async () => {
        const { threads, callbacks } = await probed(octoprint);
        return { threads, callbacks };
    };
    await expect.poll(there).toEqual({ threads: ["temp_eta server"], callbacks: 1 });
    await octoprint.configure({ enabled: false });
    await gone(octoprint);
    expect(readFileSync(octoprint.logFile, "utf8")).not.toMatch(
        /temp_eta.*(ERROR|WARNING|Traceback)/,
    );
});

test("events: none for what was there before a restart", ONLY_IN_ALL, async () => {
    const { basedir, apiKey } = octoprint;
    await octoprint.configure({
        enabled: true,
        events_enabled: true,
        rest_enabled: true,
        // The virtual printer gets its target anew, with which a soak would begin.
        soak_time_bed: 0,
    });
    // Less than its band above the air, so that it does not leave that meanwhile.
    const targets = { bed: 25 };
    await octoprint.api("settings", { plugins: { demo_printer: { targets } } });
    await coolBed(24);
    await octoprint.heat(targets);
    const bed = async () => (await etas(octoprint)).heaters?.bed;
    await expect.poll(bed).toMatchObject({ state: "at_target", target: 25 });
    await octoprint.stop();
    octoprint = await startOctoPrint({ basedir, apiKey, keep: true });
    await expect.poll(bed).toMatchObject({ state: "at_target", target: 25 });
    await reports(5);
    expect(await ofBed()).toEqual([]);
});

/** The events of the bed; the other heaters may still cool down. */
async function ofBed() {
    const { events } = await probed(octoprint);
    return events.filter(([, { heater }]) => heater === "bed").map(([name]) => name);
}

test("events: one for a heater that does not get warmer", ONLY_IN_ALL, async () => {
    await octoprint.heat({ bed: 90 });
    const bed = async () => (await etas(octoprint)).heaters?.bed;
    await expect.poll(bed).toMatchObject({ state: "heating", target: 90 });
    await octoprint.api("plugin/demo_printer", { command: "break_bed" });
    const stalled = await event(octoprint, "heater_stalled", "bed");
    expect(stalled).toMatchObject({ name: "Bett links", target: 90 });
    expect(stalled.actual).toBeLessThan(90);
    await reports(5);
    expect(await ofBed()).toEqual(["plugin_temp_eta_heater_stalled"]);
});
