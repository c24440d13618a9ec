// The plugin is disabled, or uninstalled, while it is connected to a broker: what is left.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startBroker } from "../../scripts/octoprint/broker.mjs";
import { cache } from "../../scripts/paths.mjs";
import { publish, subscribe } from "../e2e/broker.mjs";
import { countdown, openBrowser, openPage, placements, until } from "../e2e/browser.mjs";
import { picture } from "../e2e/looks.mjs";
import { givePlugin, heldFiles, installedFiles, takePlugin } from "./environment.mjs";
import { ask } from "./manager.mjs";
import { NO_TRACES, tracesIn } from "./traces.mjs";
import { itWholly, onEveryOctoPrint, startVersion } from "./versions.mjs";

const threadNames = fileURLToPath(new URL("plugins/thread_names", import.meta.url));

onEveryOctoPrint(farewells, { partly: "2.0.0rc7" });

/** Files of ours, wherever OctoPrint and its environment are. */
const OURS = /\/(octoprint_temp_?eta[^/]*|data\/temp_eta)\//i;

function farewells(version) {
    let broker;
    let browser;
    let octoprint;
    let page;
    let without;

    before(async () => {
        broker = await startBroker({ folder: join(cache, "matrix-broker") });
        browser = await openBrowser();
    });

    after(async () => {
        await browser?.close();
        await broker?.stop();
        takePlugin(version);
    });

    beforeEach(async () => {
        takePlugin(version);
        without = installedFiles(version);
        await givePlugin(version);
        octoprint = await startVersion(version, "farewell", {
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
        await until("all that is kept", async () => {
            const topics = await kept();
            return (
                topics.some((it) => it.endsWith("/bed/eta")) &&
                topics.some((it) => it.startsWith("homeassistant/"))
            );
        });
    });

    afterEach(() => octoprint?.stop());

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
    const forgotten = () =>
        until("broker that keeps nothing", async () => (await kept()).length === 0);
    const restart = async () => {
        assert.deepEqual(page.faults, []);
        await page.close();
        await octoprint.stop();
        const { apiKey } = octoprint;
        const options = { keep: true, apiKey };
        octoprint = await startVersion(version, "farewell", options);
        page = await openPage(browser, octoprint.url);
    };
    const inProcess = () => octoprint.api("plugin/thread_names");
    const folder = () => join(octoprint.basedir, "data", "temp_eta");
    const config = () => readFileSync(join(octoprint.basedir, "config.yaml"), "utf8");
    const ourSettings = () => /^ {2}temp_eta:/m.test(config());
    const runsNoThread = async () => {
        const { threads } = await inProcess();
        const ours = threads.filter((it) => /temp_eta/.test(it));
        assert.deepEqual(ours, []);
    };
    const holdsNoFile = () => {
        const held = heldFiles(octoprint.pid).filter((file) => OURS.test(file));
        assert.deepEqual(held, []);
    };
    /** Nothing of the plugin is in the page, in OctoPrint's process, at the broker. */
    const isGone = async (name) => {
        assert.deepEqual(await tracesIn(page), NO_TRACES);
        assert.deepEqual(page.faults, []);
        await picture(page, `matrix-${version}-${name}`);
        await runsNoThread();
        const { modules } = await inProcess();
        assert.deepEqual(modules, []);
        holdsNoFile();
        assert.deepEqual(await kept(), []);
    };

    itWholly(
        "Disabled, with MQTT: nothing is left; enabled again: all is back",
        async () => {
            const disabled = await ask(page, "disable", "temp_eta");
            assert.equal(disabled.result, true, JSON.stringify(disabled));
            await forgotten();
            await until("end of the relay", () =>
                runsNoThread().then(
                    () => true,
                    () => false,
                ),
            );
            holdsNoFile();
            await restart();
            await isGone("disabled");
            assert.ok(ourSettings(), "its settings stay");
            assert.ok(existsSync(folder()), "its data stays");
            const enabled = await ask(page, "enable", "temp_eta");
            assert.equal(enabled.result, true, JSON.stringify(enabled));
            await restart();
            await octoprint.api("printer/bed", { command: "target", target: 100 });
            await countdown(placements(page, "bed").inline);
            await until("what is kept", async () => (await kept()).length > 0);
            const { plugins } = await octoprint.api("settings");
            assert.equal(plugins.temp_eta.mqtt_retain, true);
            await ask(page, "disable", "temp_eta");
            await forgotten();
        },
    );

    itWholly("Disabled and enabled before the restart: it goes on", async () => {
        await ask(page, "disable", "temp_eta");
        await forgotten();
        await ask(page, "enable", "temp_eta");
        await until("its return", async () => (await kept()).length > 0);
        await ask(page, "disable", "temp_eta");
        await forgotten();
    });

    it("Uninstalled, with MQTT: no file, thread or topic; settings stay", async () => {
        const { result, ...why } = await ask(page, "uninstall", "temp_eta", false);
        assert.equal(result, true, JSON.stringify(why));
        assert.deepEqual(installedFiles(version), without);
        // Before the restart, too.
        await runsNoThread();
        holdsNoFile();
        assert.deepEqual(await kept(), []);
        await restart();
        await isGone("uninstalled");
        assert.ok(ourSettings(), "its settings stay");
        assert.ok(existsSync(folder()), "its data stays");
    });

    itWholly("Uninstalled and cleaned up: no settings and no data", async () => {
        const { result, ...why } = await ask(page, "uninstall", "temp_eta", true);
        assert.equal(result, true, JSON.stringify(why));
        assert.deepEqual(installedFiles(version), without);
        await restart();
        await isGone("cleaned");
        assert.ok(!ourSettings(), "no settings");
        assert.ok(!existsSync(folder()), "no data");
    });
}
