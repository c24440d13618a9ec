// A day on a bad network, with others at the settings; in minutes, or as long as TEMP_ETA_DAY says.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { openFiles, status } from "../../scripts/run/process-figures.mjs";
import { moods, startHostileBroker } from "../hostile/broker.mjs";
import { retained, startBroker } from "./broker.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { definitions, startOctoPrint } from "./octoprint.mjs";
import { requestAs } from "./other_users.mjs";
import { etas, gone, outlets, probe } from "./outlets.mjs";

/** Duration in s; the heaters' day is as long. */
const SECONDS = Number(process.env.TEMP_ETA_DAY || 300);
const TIME_SCALE = Math.min(86_400 / SECONDS, 24);

const SEED = Number(process.env.TEMP_ETA_SEED || Date.now() % 1_000_000);

const LEARNED = "lessons-_default.json";

/** What Python may keep of the memory of a busy day, in MB. */
const MAX_GROWTH = 40;

test.setTimeout((SECONDS + 600) * 1000);

test(
    "a day of hostile brokers, other users and reconnections leaves nothing behind",
    ONLY_IN_ALL,
    async () => {
        const broker = await startBroker();
        const hostile = await startHostileBroker(broker.port);
        const octoprint = await startOctoPrint({
            timeScale: TIME_SCALE,
            plugins: [probe],
        });
        const keys = [octoprint.apiKey, ...(await addAdmins(octoprint, ["ann", "bob"]))];
        const settings = {
            ...Object.fromEntries(
                Object.entries(definitions).map(([key, it]) => [key, it.default]),
            ),
            mqtt_broker_host: "127.0.0.1",
            mqtt_broker_port: hostile.port,
        };
        const printer = { octoprint, broker, settings };

        const before = await census(printer);
        await connect(octoprint);
        const requests = [];
        await Promise.all([
            ...keys.map((key, i) =>
                keepDoing(saveOrAsk(hostile.port), { seed: i, pause: 1500 }, (it) =>
                    send(octoprint, key, it, requests),
                ),
            ),
            keepDoing(
                fc.constantFrom(...moods),
                { seed: 3, pause: 10_000 },
                hostile.become,
            ),
            keepDoing(USES, { seed: 4, pause: 20_000 }, ([path, body]) =>
                // Refused while nothing is connected.
                octoprint.api(path, body).catch(() => {}),
            ),
        ]);
        hostile.become("honest");
        const after = await census(printer, before);

        const slowest = Math.max(...requests.map(({ ms }) => ms));
        console.log(
            `${SECONDS} s with seed ${SEED}: ${requests.length} requests, the slowest took ` +
                `${slowest.toFixed(0)} ms; ${hostile.connections()} connections to the broker\n` +
                `before: ${JSON.stringify(before)}\nafter:  ${JSON.stringify(after)}`,
        );
        const failed = requests.filter(({ status }) => status >= 500);
        expect(failed, "requests that were not answered").toEqual([]);
        expect(errors(octoprint), "errors of the plugin in OctoPrint's log").toEqual([]);
        const { threads, memory, files } = before;
        expect(after.files).toEqual(files);
        expect(after.threads, "threads").toBeLessThanOrEqual(threads);
        expect(after.memory - memory, "MB more").toBeLessThan(MAX_GROWTH);

        await octoprint.stop();
        await hostile.stop();
        await broker.stop();
    },
);

const CONNECT = { command: "connect", port: "VIRTUAL" };

/** Requests of who uses the printer: what it heats, and whether it is there. */
const USES = fc.oneof(
    {
        weight: 3,
        arbitrary: fc
            .constantFrom(0, 180, 210, 250)
            .map((target) => [
                "printer/tool",
                { command: "target", targets: { tool0: target } },
            ]),
    },
    {
        weight: 3,
        arbitrary: fc
            .constantFrom(0, 60, 100)
            .map((target) => ["printer/bed", { command: "target", target }]),
    },
    { weight: 1, arbitrary: fc.constant(["connection", { command: "disconnect" }]) },
    { weight: 3, arbitrary: fc.constant(["connection", CONNECT]) },
);

/** Requests of somebody at the settings: a few settings to save, or a command. */
function saveOrAsk(port) {
    const values = Object.entries(definitions).map(([key, definition]) => [
        key,
        valuesOf(key, definition, port),
    ]);
    const changes = fc
        .subarray(values, { minLength: 1, maxLength: 4 })
        .chain((chosen) => fc.record(Object.fromEntries(chosen)));
    const switches = fc.record(outlets(fc.boolean()), { requiredKeys: [] });
    const saved = fc.oneof(changes, switches);
    return fc.oneof(
        {
            weight: 6,
            arbitrary: saved.map((it) => ["settings", { plugins: { temp_eta: it } }]),
        },
        {
            weight: 1,
            arbitrary: saved.map((settings) => [
                "plugin/temp_eta",
                { command: "test_mqtt", settings },
            ]),
        },
        {
            weight: 1,
            arbitrary: fc.constantFrom(
                ["plugin/temp_eta", { command: "renew_mqtt_id" }],
                ["plugin/temp_eta", { command: "forget_learned", profile: "_default" }],
                ["plugin/temp_eta"],
            ),
        },
    );
}

/** Values of a setting, of which some are refused. */
function valuesOf(key, { type, default: usual, least, most, options }, port) {
    const few = {
        mqtt_broker_host: ["127.0.0.1", "no-such-host.invalid", ""],
        // Nobody listens at the second.
        mqtt_broker_port: [port, port, port, 9],
        mqtt_base_topic: ["octoprint/temp_eta", "printers", "a/b/c"],
        mqtt_discovery_prefix: ["homeassistant", "discovery"],
        mqtt_custom_identifier: ["", "left", "rechts oben"],
    }[key];
    if (few) return fc.constantFrom(...few);
    if (options) return fc.constantFrom(...options);
    if (type === "switch") return fc.boolean();
    if (type === "number") return fc.constantFrom(least, most, usual, most + 1, "x");
    return fc.constantFrom(usual, "x", null, {});
}

/** Does what is drawn until the day ends, with pauses of up to twice `pause` in ms. */
async function keepDoing(arbitrary, { seed, pause }, act) {
    const ends = performance.now() + 1000 * SECONDS;
    const step = fc.tuple(arbitrary, fc.integer({ min: 0, max: 2 * pause }));
    for (let round = 0; ; round++) {
        const steps = fc.sample(step, { seed: SEED + 1000 * round + seed, numRuns: 100 });
        for (const [it, wait] of steps) {
            await act(it);
            await sleep(wait);
            if (performance.now() > ends) return;
        }
    }
}

async function send(octoprint, key, [path, body], requests) {
    const begun = performance.now();
    const response = await requestAs(key, octoprint, path, body);
    await response.text();
    const ms = performance.now() - begun;
    requests.push({ path, body, status: response.status, ms });
}

async function addAdmins(octoprint, names) {
    const keys = [];
    for (const name of names) {
        const user = { name, password: name, active: true, groups: ["admins", "users"] };
        await octoprint.api("access/users", user);
        keys.push((await octoprint.api(`access/users/${name}/apikey`, {})).apikey);
    }
    return keys;
}

/**
 * What there is of the plugin while it publishes and after it was switched off, and what
 * OctoPrint takes then; waits for what was there `before`.
 */
async function census({ octoprint, broker, settings }, before) {
    await octoprint.configure({ ...settings, ...outlets(true) });
    await connect(octoprint);
    await octoprint.heat({ tool0: 210, bed: 60 });
    const server = async () => (await octoprint.api("plugin/temp_eta")).server;
    await expect.poll(server).toMatchObject({ state: "connected" });
    const heaters = async () => Object.keys((await etas(octoprint)).heaters ?? {});
    // Once it was connected again, this OctoPrint knows of no chamber.
    await expect.poll(heaters).toEqual(expect.arrayContaining(["tool0", "bed"]));
    const topics = () => retained(broker.port);
    const published = [
        // With an ID that somebody may have renewed.
        expect.stringMatching(/^homeassistant\/device\/temp_eta_\w+\/config$/),
        "octoprint/temp_eta/availability",
        "octoprint/temp_eta/status",
    ];
    await expect.poll(topics, { message: "retained topics" }).toEqual(published);
    await octoprint.heat({ tool0: 0, bed: 0 });
    await octoprint.configure(outlets(false));
    await gone(octoprint);
    await expect.poll(topics, { message: "retained topics" }).toEqual([]);
    const names = readdirSync(join(octoprint.basedir, "data", "temp_eta")).sort();
    // What was learned meanwhile is to be kept.
    const files = names.filter((name) => name !== LEARNED);
    return { files, ...(await figures(octoprint, before)) };
}

async function connect(octoprint) {
    await octoprint.api("connection", CONNECT);
    await expect.poll(octoprint.state).toBe("Operational");
}

/** What OctoPrint's process takes without a printer, once its unused connections are closed. */
async function figures(octoprint, before) {
    const { pid } = octoprint;
    await octoprint.api("connection", { command: "disconnect" });
    await expect.poll(octoprint.state).toBe("Closed");
    // Its web server makes threads for as many requests as come at once.
    await Promise.all(Array.from({ length: 60 }, () => octoprint.api("version")));
    let opened;
    const isSettled = () => {
        const last = opened;
        opened = descriptors(pid);
        return isDeepStrictEqual(opened, last);
    };
    // Node closes unused ones after a few seconds.
    const waiting = { intervals: [10_000] };
    await expect.poll(isSettled, { message: "settled", ...waiting }).toBe(true);
    if (before) {
        const more = () => added(before.descriptors, descriptors(pid));
        await expect.poll(more, { message: "descriptors", ...waiting }).toEqual([]);
    }
    const { virtual_printer } = await octoprint.api("plugin/outlet_probe?trim");
    return {
        descriptors: opened,
        threads: Number(status(pid, "Threads")) - virtual_printer,
        memory: Math.round(Number(status(pid, "RssAnon")) / 1024),
    };
}

/**
 * What a process has open, without what OctoPrint's virtual printer opens once more with each
 * connection.
 */
const descriptors = (pid) =>
    openFiles(pid)
        .filter((file) => !/virtual_printer/.test(file))
        .map((file) => file.replace(/\[\d+\]/, ""))
        .sort();

/** What is in one list more often than in another one. */
function added(before, after) {
    const left = [...before];
    return after.filter((it) => {
        const index = left.indexOf(it);
        if (index >= 0) left.splice(index, 1);
        return index < 0;
    });
}

/** The lines of OctoPrint's log with errors of the plugin, or in what it is asked. */
const errors = ({ logFile }) =>
    readFileSync(logFile, "utf8")
        .split("\n")
        .filter((line) => / - (ERROR|CRITICAL) - /.test(line) && /temp_eta/.test(line));
