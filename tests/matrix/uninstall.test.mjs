// Disabling and uninstalling the plugin while it is connected to a broker.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { retained, startBroker } from "../e2e/broker.mjs";
import { countdown, placements } from "../e2e/browser.mjs";
import { expectNoFaults } from "../e2e/fixtures.mjs";
import { givePlugin, heldFiles, installedFiles, takePlugin } from "./environment.mjs";
import { ask } from "./manager.mjs";
import { NO_TRACES, tracesIn } from "./traces.mjs";
import { expect, picture, test } from "./versions.mjs";

const threadNames = fileURLToPath(new URL("plugins/thread_names", import.meta.url));

/** Files of ours, wherever OctoPrint and its environment are. */
const OURS = /\/(octoprint_temp_?eta[^/]*|data\/temp_eta)\//i;

test.describe("uninstall", { tag: "@partly-2.0.0rc7" }, () => {
    let broker;
    let run;
    let without;

    test.beforeAll(async () => {
        broker = await startBroker();
    });

    test.afterAll(async ({ version }) => {
        await broker?.stop();
        takePlugin(version);
    });

    test.beforeEach(async ({ version, run: its }) => {
        takePlugin(version);
        without = installedFiles(version);
        await givePlugin(version);
        run = its;
        await run.start({ plugins: [threadNames], heat: { bed: 115 } });
        await run.octoprint.configure({
            ...broker.settings,
            mqtt_retain: true,
            mqtt_homeassistant_discovery: true,
        });
        await countdown(placements(run.page, "bed").inline);
        const topics = [/\/bed\/eta$/, /^homeassistant\//];
        await whatIsKept().toEqual(
            expect.arrayContaining(topics.map((it) => expect.stringMatching(it))),
        );
    });

    /** The topics of which the broker keeps something. */
    const kept = () => retained(broker.port);
    const whatIsKept = () => expect.poll(kept, { message: "what the broker keeps" });
    const restart = () => {
        expectNoFaults([run.page]);
        return run.start();
    };
    const inProcess = () => run.octoprint.api("plugin/thread_names");
    const ourThreads = async () =>
        (await inProcess()).threads.filter((it) => /temp_eta/.test(it));
    const heldByUs = () => heldFiles(run.octoprint.pid).filter((file) => OURS.test(file));
    /** Whether its settings and its data are there. */
    const left = () => {
        const config = readFileSync(join(run.octoprint.basedir, "config.yaml"), "utf8");
        return {
            settings: /^ {2}temp_eta:/m.test(config),
            data: existsSync(join(run.octoprint.basedir, "data", "temp_eta")),
        };
    };
    /** Nothing of the plugin is in the page, in OctoPrint's process, at the broker. */
    const isGone = async (name) => {
        expect(await tracesIn(run.page)).toEqual(NO_TRACES);
        expectNoFaults([run.page]);
        await picture(run.page, name);
        expect(await ourThreads()).toEqual([]);
        expect((await inProcess()).modules).toEqual([]);
        expect(heldByUs()).toEqual([]);
        expect(await kept()).toEqual([]);
    };

    test("Disabled with MQTT on: nothing is left; enabled again: everything is back", {
        tag: "@whole",
    }, async () => {
        expect(await ask(run.page, "disable", "temp_eta")).toMatchObject({
            result: true,
        });
        await whatIsKept().toEqual([]);
        await expect.poll(ourThreads, { message: "end of MQTT publishing" }).toEqual([]);
        expect(heldByUs()).toEqual([]);
        await restart();
        await isGone("disabled");
        expect(left()).toEqual({ settings: true, data: true });
        expect(await ask(run.page, "enable", "temp_eta")).toMatchObject({ result: true });
        await restart();
        await run.octoprint.heat({ bed: 100 });
        await countdown(placements(run.page, "bed").inline);
        await whatIsKept().not.toEqual([]);
        expect((await run.octoprint.settings()).mqtt_retain).toBe(true);
        await ask(run.page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
    });

    test("Disabled and enabled before the restart: keeps working", {
        tag: "@whole",
    }, async () => {
        await ask(run.page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
        await ask(run.page, "enable", "temp_eta");
        await whatIsKept().not.toEqual([]);
        await ask(run.page, "disable", "temp_eta");
        await whatIsKept().toEqual([]);
    });

    test("Uninstalled with MQTT on: no file, thread or topic is left; settings stay", async ({
        version,
    }) => {
        const answer = await ask(run.page, "uninstall", "temp_eta", false);
        expect(answer).toMatchObject({ result: true });
        expect(installedFiles(version)).toEqual(without);
        // Before the restart, too.
        expect(await ourThreads()).toEqual([]);
        expect(heldByUs()).toEqual([]);
        expect(await kept()).toEqual([]);
        await restart();
        await isGone("uninstalled");
        expect(left()).toEqual({ settings: true, data: true });
    });

    test("Uninstalled with clean-up: no settings and no data are left", {
        tag: "@whole",
    }, async ({ version }) => {
        const answer = await ask(run.page, "uninstall", "temp_eta", true);
        expect(answer).toMatchObject({ result: true });
        expect(installedFiles(version)).toEqual(without);
        await restart();
        await isGone("cleaned");
        expect(left()).toEqual({ settings: false, data: false });
    });
});
