// A config.yaml of TempETA 0.8.9, and ones with invalid values.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { configOf, definitions, readYaml, startOctoPrint } from "./octoprint.mjs";

const old = readYaml(
    fileURLToPath(new URL("../data/config-0.8.9.yaml", import.meta.url)),
);
test.describe.configure({ mode: "serial" });

let octoprint;

/** Starts or restarts OctoPrint. */
async function start(options) {
    await octoprint?.stop();
    octoprint = await startOctoPrint(options);
}

const lines = (text) =>
    readFileSync(octoprint.logFile, "utf8")
        .split("\n")
        .filter((line) => line.includes(text));

test.afterAll(() => octoprint?.stop());

test("are migrated from 0.8.9 at the first start", async () => {
    await start({ settings: old });
    const now = await octoprint.settings();
    const neverValid = ["color_heating", "mqtt_broker_port", "mqtt_qos", "temp_display"];
    for (const [key, definition] of Object.entries(definitions)) {
        let expected = definition.default;
        if (key in old && !neverValid.includes(key)) expected = old[key];
        if (key === "mqtt_base_topic") expected = "workshop/heat";
        if (key === "mqtt_password") expected = null;
        expect(now[key], key).toEqual(expected);
    }
    expect(now.mqtt_password_set).toBe(true);
    const { temp_eta } = configOf(octoprint).plugins;
    expect(temp_eta).toMatchObject({
        _config_version: 1,
        mqtt_password: old.mqtt_password,
    });
    const persisted = Object.keys(old).filter((key) => key.startsWith("persist_"));
    expect(persisted).toHaveLength(4);
    const logged = lines("Settings migrated");
    expect(logged).toHaveLength(1);
    for (const key of [...persisted, ...neverValid]) {
        expect(Object.keys(temp_eta)).not.toContain(key);
        expect(logged[0]).toContain(key);
    }
    expect(logged[0]).not.toContain(old.mqtt_password);
});

test("are migrated only once", ONLY_IN_ALL, async () => {
    await start({ keep: true, apiKey: octoprint.apiKey });
    expect(lines("Settings migrated")).toHaveLength(1);
    expect((await octoprint.settings()).algorithm).toBe("exponential");
});

test("are not used if they are invalid, which the API reports", async () => {
    const impossible = { min_rate: "fast", history_size: [5] };
    const settings = { _config_version: 1, algorithm: "adaptive", ...impossible };
    await start({ settings });
    expect(await octoprint.settings()).toMatchObject({
        min_rate: 0.1,
        algorithm: "adaptive",
        history_size: 120,
    });
    expect(lines("Invalid settings in config.yaml were ignored")).toHaveLength(1);
    const { refused } = await octoprint.api("plugin/temp_eta");
    expect(Object.keys(refused).sort()).toEqual(["history_size", "min_rate"]);
    await start({ settings: "hello" });
    expect((await octoprint.settings()).enabled).toBe(true);
});

test("are not migrated in a new OctoPrint", ONLY_IN_ALL, async () => {
    await start();
    expect(lines("Settings migrated")).toEqual([]);
    expect(lines("ERROR")).toEqual([]);
});
