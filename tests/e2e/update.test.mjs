// A real OctoPrint finds a newer release of the plugin and installs it.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { writeBasedir } from "../../scripts/octoprint/config.mjs";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { until } from "./browser.mjs";
import { otherVenv, PIP, REPOSITORY, releasedZip, serveReleases } from "./releases.mjs";

const folder = join(cache, "e2e-update");
const basedir = join(cache, "e2e-update-octoprint");
const feedPlugin = fileURLToPath(new URL("../release_feed", import.meta.url));
const apiKey = "0123456789abcdef0123456789abcdef";

describe("Software Update", () => {
    let feed;
    let python;
    let octoprint;

    before(async () => {
        feed = await serveReleases();
        const [old, newer] = ["7.0.0", "7.1.0"].map((version) =>
            releasedZip(version, join(folder, version)),
        );
        feed.zips = { "7.0.0": old, "7.1.0": newer };
        python = otherVenv(join(folder, "venv"), old);
        writeBasedir(basedir, {
            apiKey,
            heat: false,
            timeScale: 1,
            bundle: true,
            plugins: [feedPlugin],
            // It counts as online where this can be reached.
            config: {
                server: { onlineCheck: { port: feed.port, name: "localhost" } },
                plugins: { softwareupdate: { minimum_free_storage: 1 } },
            },
        });
        enableSoftwareUpdate();
        await start();
    });

    after(async () => {
        await octoprint?.stop();
        feed?.stop();
        // Some hundred MB.
        rmSync(folder, { recursive: true, force: true });
    });

    async function start() {
        const env = { ...PIP, RELEASE_FEED: feed.url };
        octoprint = await startOctoPrint({ basedir, python, apiKey, env, keep: true });
    }

    /** It is off in the other tests, which have nothing to ask. */
    function enableSoftwareUpdate() {
        const file = join(basedir, "config.yaml");
        const config = JSON.parse(readFileSync(file, "utf8"));
        const { plugins } = config;
        plugins._disabled = plugins._disabled.filter((id) => id !== "softwareupdate");
        writeFileSync(file, JSON.stringify(config));
    }

    /** What Software Update's own part of the API answers. */
    async function ask(path, body) {
        const response = await fetch(`${octoprint.url}plugin/softwareupdate/${path}`, {
            method: body ? "POST" : "GET",
            headers: { "X-Api-Key": apiKey, "Content-Type": "application/json" },
            body: body && JSON.stringify(body),
        });
        assert.equal(response.status, 200, path);
        return response.json();
    }

    /** What a check finds; one that is under way already is waited for, and passed over. */
    function checked(newest) {
        return until(`check that knows ${newest}`, async () => {
            const { information } = await ask("check?force=true&targets=temp_eta");
            const found = information.temp_eta;
            return found?.information.remote.value === newest && found;
        });
    }

    const version = async () => (await octoprint.api("plugin/temp_eta")).version;

    it("says that the newest version is installed", async () => {
        feed.tags = ["7.0.0", "6.9.0"];
        const found = await checked("7.0.0");
        assert.equal(found.updateAvailable, false);
        assert.equal(found.displayName, "Temperature ETA");
        assert.equal(found.displayVersion, "7.0.0");
        assert.equal(found.error, null);
    });

    it("says that there is a newer one, and none of candidates unasked", async () => {
        feed.tags = ["8.0.0rc1", "7.1.0", "7.0.0"];
        const found = await checked("7.1.0");
        assert.equal(found.updateAvailable, true);
        assert.equal(found.updatePossible, true);
        const channels = found.releaseChannels.available.map(({ name }) => name);
        assert.deepEqual(channels, ["Stable", "Release candidates"]);
        assert.equal(await version(), "7.0.0");
    });

    it("installs it from the release's own file, for the next start", async () => {
        feed.asked.length = 0;
        const { order } = await ask("update", { targets: ["temp_eta"] });
        assert.deepEqual(order, ["temp_eta"]);
        const entry = await until("end of the update", async () => {
            const { updatelog } = await ask("updatelog");
            return updatelog.find(({ target }) => target === "temp_eta") ?? null;
        });
        const said = readFileSync(
            join(basedir, "logs", "plugin_softwareupdate_console.log"),
            "utf8",
        );
        assert.equal(entry.success, true, said);
        assert.equal(entry.target_version, "7.1.0");
        const asset = `/github.com/${REPOSITORY}/releases/download/7.1.0/OctoPrint-TempETA.zip`;
        assert.ok(feed.asked.includes(asset), feed.asked.join("\n"));

        await octoprint.stop();
        await start();
        assert.equal(await version(), "7.1.0");
        assert.equal((await octoprint.api("plugin/temp_eta")).built, true);
        assert.equal((await checked("7.1.0")).updateAvailable, false);
    });
});
