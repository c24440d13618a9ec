// The plugin is disabled, or uninstalled, while it is connected to a broker: what is left.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startBroker } from "../../scripts/octoprint/broker.mjs";
import { publish, subscribe } from "../e2e/broker.mjs";
import { countdown, openPage, placements } from "../e2e/browser.mjs";
import { octoprintFolder } from "../e2e/octoprint.mjs";
import { givePlugin, heldFiles, installedFiles, takePlugin } from "./environment.mjs";
import { ask } from "./manager.mjs";
import { NO_TRACES, tracesIn } from "./traces.mjs";
import { expect, picture, restartVersion, startVersion, test } from "./versions.mjs";

const threadNames = fileURLToPath(new URL("plugins/thread_names", import.meta.url));

/** Files of ours, wherever OctoPrint and its environment are. */
const OURS = /\/(octoprint_temp_?eta[^/]*|data\/temp_eta)\//i;

test.describe("farewell", { tag: "@partly-2.0.0rc7" }, () => {
    let broker;
    let octoprint;
    let page;
    let without;

    test.beforeAll(async () => {
        broker = await startBroker({ folder: octoprintFolder("broker") });
    });

    test.afterAll(async ({ version }) => {
        await broker?.stop();
        takePlugin(version);
    });

    test.beforeEach(async ({ version, browser }) => {
        takePlugin(version);
        without = installedFiles(version);
        await givePlugin(version);
        octoprint = await startVersion(version, {
            plugins: [threadNames],
            heat: { bed: 115 },
        });
        const temp_eta = {
            mqtt_enabled: true,
            mqtt_broker_host: broker.host,
            mqtt_broker_port: broker.port,
            mqtt_retain: true,
            mqtt_homeassistant_discovery: true,
        };
        await octoprint.api("settings", { plugins: { temp_eta } });
        page = await openPage(browser, octoprint.url);
        await countdown(placements(page, "bed").inline);
        const topics = [/\/bed\/eta$/, /^homeassistant\//];
        await whatIsKept().toEqual(
            expect.arrayContaining(topics.map((it) => expect.stringMatching(it))),
        );
    });

    test.afterEach(async () => {
        await page?.context().close();
        await octoprint?.stop();
    });

    /** The topics of which the broker keeps something. */
    const kept = async () => {
        const listener = await subscribe(broker.port);
        // What it keeps comes before what is said from now on.
        await publish(broker.port, "probe/end", "!");
        await listener.stop();
        return listener.heard
            .filter(({ retained, payload }) => retained && payload !== "")
            .map(({ topic }) => topic);
    };
    const whatIsKept = () => expect.poll(kept, { message: "what the broker keeps" });
    const restart = async ({ version, browser }) => {
        expect(page.faults).toEqual([]);
        await page.context().close();
        octoprint = await restartVersion(version, octoprint);
        page = await openPage(browser, octoprint.url);
    };
    const inProcess = () => octoprint.api("plugin/thread_names");
    const ourThreads = async () =>
        (await inProcess()).threads.filter((it) => /temp_eta/.test(it));
    const heldByUs = () => heldFiles(octoprint.pid).filter((file) => OURS.test(file));
    /** Whether its settings and its data are there. */
    const left = () => {
        const config = readFileSync(join(octoprint.basedir, "config.yaml"), "utf8");
        return {
            settings: /^ {2}temp_eta:/m.test(config),
            data: existsSync(join(octoprint.basedir, "data", "temp_eta")),
        };
    };
    /** Nothing of the plugin is in the page, in OctoPrint's process, at the broker. */
    const isGone = async (name) => {
        expect(await tracesIn(page)).toEqual(NO_TRACES);
        expect(page.faults).toEqual([]);
        await picture(page, name);
        expect(await ourThreads()).toEqual([]);
        expect((await inProcess()).modules).toEqual([]);
        expect(heldByUs()).toEqual([]);
        expect(await kept()).toEqual([]);
    };

    test("Disabled, with MQTT: nothing is left; enabled again: all is back", {
        tag: "@whole",
    }, async ({ version, browser }) => {
        expect(await ask(page, "disable", "temp_eta")).toMatchObject({ result: true });
        await whatIsKept().toEqual([]);
        await expect.poll(ourThreads, { message: "end of the relay" }).toEqual([]);
        expect(heldByUs()).toEqual([]);
        await restart({ version, browser });
        await isGone("disabled");
        expect(left()).toEqual({ settings: true, data: true });
        expect(await ask(page, "enable", "temp_eta")).toMatchObject({ result: true });
        await restart({ version, browser });
        await octoprint.api("printer/bed", { command: "target", target: 100 });
        await countdown(placements(page, "bed").inline);
        await whatIsKept().not.toEqual([]);
        const { plugins } = await octoprint.api("settings");
        expect(plugins.temp_eta.mqtt_retain).toBe(true);
        await ask(page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
    });

    test("Disabled and enabled before the restart: it goes on", {
        tag: "@whole",
    }, async () => {
        await ask(page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
        await ask(page, "enable", "temp_eta");
        await whatIsKept().not.toEqual([]);
        await ask(page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
    });

    test("Uninstalled, with MQTT: no file, thread or topic; settings stay", async ({
        version,
        browser,
    }) => {
        const told = await ask(page, "uninstall", "temp_eta", false);
        expect(told).toMatchObject({ result: true });
        expect(installedFiles(version)).toEqual(without);
        // Before the restart, too.
        expect(await ourThreads()).toEqual([]);
        expect(heldByUs()).toEqual([]);
        expect(await kept()).toEqual([]);
        await restart({ version, browser });
        await isGone("uninstalled");
        expect(left()).toEqual({ settings: true, data: true });
    });

    test("Uninstalled and cleaned up: no settings and no data", {
        tag: "@whole",
    }, async ({ version, browser }) => {
        const told = await ask(page, "uninstall", "temp_eta", true);
        expect(told).toMatchObject({ result: true });
        expect(installedFiles(version)).toEqual(without);
        await restart({ version, browser });
        await isGone("cleaned");
        expect(left()).toEqual({ settings: false, data: false });
    });
});
