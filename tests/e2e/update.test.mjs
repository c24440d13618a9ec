// OctoPrint finds a newer release of the plugin and installs it.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { octoprintFolder, startOctoPrint } from "./octoprint.mjs";
import { otherVenv, PIP, REPOSITORY, releasedZip, serveReleases } from "./releases.mjs";

const feedPlugin = fileURLToPath(new URL("../release_feed", import.meta.url));

test.describe.configure({ mode: "serial" });

let folder;
let feed;
let python;
let octoprint;

test.beforeAll(async () => {
    folder = octoprintFolder("releases");
    feed = await serveReleases();
    const [old, newer] = ["7.0.0", "7.1.0"].map((version) =>
        releasedZip(version, join(folder, version)),
    );
    feed.zips = { "7.0.0": old, "7.1.0": newer };
    python = otherVenv(join(folder, "venv"), old);
    // Software Update is disabled in other tests.
    const withUpdates = (disabled) => disabled.filter((id) => id !== "softwareupdate");
    await start({
        plugins: [feedPlugin],
        config: {
            plugins: {
                _disabled: withUpdates,
                softwareupdate: { minimum_free_storage: 1 },
            },
        },
    });
});

test.afterAll(async () => {
    await octoprint?.stop();
    feed?.stop();
    // Several hundred MB.
    rmSync(folder, { recursive: true, force: true });
});

async function start(options) {
    const env = { ...PIP, RELEASE_FEED: feed.url };
    octoprint = await startOctoPrint({ python, env, ...options });
}

/** Sends a request to the API of Software Update. */
async function ask(path, body) {
    const response = await octoprint.request(`plugin/softwareupdate/${path}`, {
        method: body ? "POST" : "GET",
        headers: { "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
    });
    expect(response.status, path).toBe(200);
    return response.json();
}

/** Checks for updates until `newest` is known; the result of an earlier check is ignored. */
async function check(newest) {
    let found;
    const known = async () => {
        const { information } = await ask("check?force=true&targets=temp_eta");
        found = information.temp_eta;
        return found?.information.remote.value;
    };
    await expect.poll(known, { message: "the newest version it knows" }).toBe(newest);
    return found;
}

const version = async () => (await octoprint.api("plugin/temp_eta")).version;

test("says that the newest version is installed", ONLY_IN_ALL, async () => {
    feed.tags = ["7.0.0", "6.9.0"];
    expect(await check("7.0.0")).toMatchObject({
        updateAvailable: false,
        displayName: "Temperature ETA",
        displayVersion: "7.0.0",
        error: null,
    });
});

test(
    "offers a newer release, but no release candidate by default",
    ONLY_IN_ALL,
    async () => {
        feed.tags = ["8.0.0rc1", "7.1.0", "7.0.0"];
        const found = await check("7.1.0");
        expect(found).toMatchObject({ updateAvailable: true, updatePossible: true });
        const channels = found.releaseChannels.available.map(({ name }) => name);
        expect(channels).toEqual(["Stable", "Release candidates"]);
        expect(await version()).toBe("7.0.0");
    },
);

test(
    "installs it from the release's own file, for the next start",
    ONLY_IN_ALL,
    async () => {
        feed.requests.length = 0;
        const { order } = await ask("update", { targets: ["temp_eta"] });
        expect(order).toEqual(["temp_eta"]);
        let entry;
        const ended = async () => {
            const { updatelog } = await ask("updatelog");
            entry = updatelog.find(({ target }) => target === "temp_eta");
            return entry;
        };
        await expect.poll(ended, { message: "the end of the update" }).toBeDefined();
        const log = join(octoprint.basedir, "logs", "plugin_softwareupdate_console.log");
        expect(entry, readFileSync(log, "utf8")).toMatchObject({
            success: true,
            target_version: "7.1.0",
        });
        expect(feed.requests).toContain(
            `/github.com/${REPOSITORY}/releases/download/7.1.0/OctoPrint-TempETA.zip`,
        );

        await octoprint.stop();
        await start({ keep: true, apiKey: octoprint.apiKey });
        expect(await version()).toBe("7.1.0");
        expect((await octoprint.api("plugin/temp_eta")).built).toBe(true);
        expect((await check("7.1.0")).updateAvailable).toBe(false);
    },
);
