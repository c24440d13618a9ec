// A local imitation of GitHub with releases of an invented project.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { dist, pythonOf, venv } from "../../scripts/paths.mjs";
import { edit, repack } from "../matrix/repack.mjs";
import { serve } from "./serve.mjs";

export const REPOSITORY = "example/OctoPrint-TempETA";
const ASSET = "OctoPrint-TempETA.zip";

/**
 * Serves GitHub's responses about releases at /<host>/<path>.
 *
 * `tags` are the versions, newest first, `zips` their files by tag, and `requests` the URLs that
 * were requested. All are empty at first.
 */
export async function serveReleases() {
    const feed = { tags: [], zips: {}, requests: [] };
    const api = `/api.github.com/repos/${REPOSITORY}/releases`;
    const downloads = `/github.com/${REPOSITORY}/releases/download/`;
    const server = createServer((request, response) => {
        feed.requests.push(request.url);
        const [tag, name] = request.url.slice(downloads.length).split("/");
        const isAsset = request.url.startsWith(downloads) && name === ASSET;
        if (request.url === api) {
            response.setHeader("Content-Type", "application/json");
            response.end(JSON.stringify(feed.tags.map(described)));
        } else if (isAsset && feed.zips[tag]) {
            response.end(readFileSync(feed.zips[tag]));
        } else {
            response.writeHead(404).end("{}");
        }
    });
    return Object.assign(feed, await serve(server));
}

function described(tag) {
    return {
        name: tag,
        tag_name: tag,
        html_url: `https://github.com/${REPOSITORY}/releases/tag/${tag}`,
        draft: false,
        prerelease: tag.includes("rc"),
        published_at: "2026-01-01T00:00:00Z",
        target_commitish: "main",
    };
}

/** The zip of dist/ with another version, and with the invented project as its homepage. */
export function releasedZip(version, folder) {
    return repack(join(dist, ASSET), folder, version, (content) => {
        const info = `octoprint_tempeta-${version}.dist-info`;
        edit(join(content, info, "METADATA"), (text) =>
            text.replace(
                /^Project-URL: Homepage, .*$/m,
                `Project-URL: Homepage, https://github.com/${REPOSITORY}`,
            ),
        );
    });
}

/** Copies .venv and installs another version of the plugin there; returns its Python. */
export function otherVenv(folder, zip) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(venv, folder, { recursive: true, verbatimSymlinks: true });
    const python = pythonOf(folder);
    const pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"];
    // Its output is part of the error.
    execFileSync(python, [...pip, "--force-reinstall", "--no-deps", zip], {
        env: { ...process.env, ...PIP },
        stdio: "pipe",
    });
    return python;
}

/** Environment that keeps pip from using a package index. */
export const PIP = { PIP_NO_INDEX: "1" };
