// What MQTT publishing adds to a real OctoPrint: callback time, memory, threads.
import { fileURLToPath } from "node:url";
import { status as ofProcess } from "../../scripts/run/process-figures.mjs";
import { startBroker } from "./broker.mjs";
import { expect, test } from "./fixtures.mjs";

const timer = fileURLToPath(new URL("../callback_timer", import.meta.url));

/** Less than any wait for a broker that stands still, and more than a busy machine takes. */
const PATIENCE_S = 5;

test.use({ octoprintOptions: { heat: { tool0: 210, bed: 90 }, plugins: [timer] } });
test.describe.configure({ mode: "serial" });

let broker;

test.beforeAll(async () => {
    broker = await startBroker();
});

test.afterAll(async () => {
    broker?.resume();
    await broker?.stop();
});

const measured = (octoprint) => octoprint.api("plugin/callback_timer");
const status = async (octoprint) => (await octoprint.api("plugin/temp_eta")).server;

/**
 * Megabytes of OctoPrint, once it takes no more while it works, without the pages of mapped files:
 * how many of those count depends on who else uses them.
 */
async function memory(octoprint) {
    let megabytes = 0;
    const grown = async () => {
        await measured(octoprint);
        const before = megabytes;
        megabytes = Number(ofProcess(octoprint.pid, "RssAnon")) / 1024;
        return megabytes - before;
    };
    for (let quiet = 0; quiet < 3; quiet++) {
        await expect.poll(grown, { message: "MB more" }).toBeLessThan(0.5);
    }
    return megabytes;
}

test("adds two threads, no signal handlers, and 20 MB at most", async ({ octoprint }) => {
    const before = await memory(octoprint);
    const handlers = ofProcess(octoprint.pid, "SigCgt");
    await octoprint.configure(broker.settings);
    await expect
        .poll(() => status(octoprint))
        .toMatchObject({ state: "connected", engine: "wasmtime" });
    // It has published for some time.
    await expect
        .poll(async () => (await status(octoprint)).sent, { message: "messages" })
        .toBeGreaterThan(10);
    const added = (await memory(octoprint)) - before;
    const { threads } = await measured(octoprint);
    expect(threads.filter((name) => name.startsWith("temp_eta"))).toEqual([
        "temp_eta broker",
        "temp_eta server",
    ]);
    expect(ofProcess(octoprint.pid, "SigCgt")).toBe(handlers);
    expect(added, "MB more").toBeLessThanOrEqual(20);
});

test("is called as fast with a broker that stands still", async ({ octoprint }) => {
    broker.pause();
    const { sent } = await status(octoprint);
    await expect
        .poll(async () => (await status(octoprint)).sent, { message: "messages" })
        .toBeGreaterThan(sent);
    // All calls return before the broker has answered what was sent, or is missed.
    const { times } = await measured(octoprint);
    expect((await status(octoprint)).state, "nobody misses it").toBe("connected");
    broker.resume();
    expect(times).toHaveLength(500);
    expect(times.at(-1), "no call waits for the broker").toBeLessThan(PATIENCE_S);
});
