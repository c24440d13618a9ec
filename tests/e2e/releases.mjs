// Releases that do not exist, of a project that does not either, on this machine.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { edit, repack } from "../../scripts/matrix/repack.mjs";
import { dist, pythonOf, venv } from "../../scripts/paths.mjs";
import { serve } from "./serve.mjs";

export const REPOSITORY = "somebody/OctoPrint-TempETA";
const ASSET = "OctoPrint-TempETA.zip";

/**
 * What GitHub answers about releases, at /<host>/<path>.
 *
 * `tags` are the versions there are, newest first, and `zips` their files by tag; `asked`
 * is what somebody wanted. Empty at first.
 */
export async function serveReleases() {
    const feed = { tags: [], zips: {}, asked: [] };
    const api = `/api.github.com/repos/${REPOSITORY}/releases`;
    const downloads = `/github.com/${REPOSITORY}/releases/download/`;
    const server = createServer((request, response) => {
        feed.asked.push(request.url);
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

/** The zip of dist/ as another version, of a project that is on GitHub. */
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

/** A copy of .venv with another version of the plugin; its Python. */
export function otherVenv(folder, zip) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(venv, folder, { recursive: true, verbatimSymlinks: true });
    const python = pythonOf(folder);
    const pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"];
    // What it complains of is in the error that this throws.
    execFileSync(python, [...pip, "--force-reinstall", "--no-deps", zip], {
        env: { ...process.env, ...PIP },
        stdio: "pipe",
    });
    return python;
}

/** pip may not ask a package index, and need not. */
export const PIP = { PIP_NO_INDEX: "1" };
