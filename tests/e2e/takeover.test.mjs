// A config.yaml that TempETA 0.8.9 has left behind, and one that was written by hand.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { venvPython } from "../../scripts/paths.mjs";
import { expect, test } from "./fixtures.mjs";
import { startOctoPrint } from "./octoprint.mjs";

const READ = `
import json, sys, yaml
print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))))
`;
const read = (file) => JSON.parse(execFileSync(venvPython, ["-c", READ, file]));
const old = read(fileURLToPath(new URL("../data/config-0.8.9.yaml", import.meta.url)));
const definitions = JSON.parse(
    readFileSync(new URL("../data/settings.json", import.meta.url), "utf8"),
);

test.describe.configure({ mode: "serial" });

let octoprint;

/** Starts OctoPrint, anew if it runs. */
async function start(options) {
    await octoprint?.stop();
    octoprint = await startOctoPrint(options);
}

const startWith = (temp_eta) => start({ config: { plugins: { temp_eta } } });
const settings = async () => (await octoprint.api("settings")).plugins.temp_eta;
const lines = (text) =>
    readFileSync(octoprint.logFile, "utf8")
        .split("\n")
        .filter((line) => line.includes(text));

test.afterAll(() => octoprint?.stop());

test("are taken over from 0.8.9 at the first start", async () => {
    await startWith(old);
    const now = await settings();
    const neverValid = ["color_heating", "mqtt_broker_port", "mqtt_qos", "temp_display"];
    for (const [key, definition] of Object.entries(definitions)) {
        let expected = definition.default;
        if (key in old && !neverValid.includes(key)) expected = old[key];
        if (key === "mqtt_base_topic") expected = "workshop/heat";
        if (key === "mqtt_password") expected = null;
        expect(now[key], key).toEqual(expected);
    }
    expect(now.mqtt_password_set).toBe(true);
    const { temp_eta } = read(join(octoprint.basedir, "config.yaml")).plugins;
    expect(temp_eta).toMatchObject({
        _config_version: 1,
        mqtt_password: old.mqtt_password,
    });
    const persisted = Object.keys(old).filter((key) => key.startsWith("persist_"));
    expect(persisted).toHaveLength(4);
    const told = lines("Settings of an earlier version");
    expect(told).toHaveLength(1);
    for (const key of [...persisted, ...neverValid]) {
        expect(Object.keys(temp_eta)).not.toContain(key);
        expect(told[0]).toContain(key);
    }
    expect(told[0]).not.toContain(old.mqtt_password);
});

test("are taken over once", async () => {
    await start({ keep: true, apiKey: octoprint.apiKey });
    expect(lines("Settings of an earlier version")).toHaveLength(1);
    expect((await settings()).algorithm).toBe("exponential");
});

test("are not used where they are impossible, which the API tells", async () => {
    await startWith({
        _config_version: 1,
        min_rate: "fast",
        algorithm: "adaptive",
        history_size: [5],
    });
    expect(await settings()).toMatchObject({
        min_rate: 0.1,
        algorithm: "adaptive",
        history_size: 120,
    });
    expect(lines("Settings in config.yaml were not used")).toHaveLength(1);
    const { refused } = await octoprint.api("plugin/temp_eta");
    expect(Object.keys(refused).sort()).toEqual(["history_size", "min_rate"]);
    await startWith("hello");
    expect((await settings()).enabled).toBe(true);
});

test("are those of nobody in a fresh OctoPrint", async () => {
    await start();
    expect(lines("Settings of an earlier version")).toEqual([]);
    expect(lines("ERROR")).toEqual([]);
});
