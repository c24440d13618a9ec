import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { root } from "../../scripts/paths.mjs";

/** The output of `npm run docs`, or another folder. */
export const siteFolder = resolve(root, process.env.TEMP_ETA_SITE || "site");

const TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
};

/**
 * A web server for `folder` at `/some/where/`.
 *
 * @param {string} folder
 * @param {Record<string, string>} [types] by extension, in place of the right ones
 */
export async function serve(folder, types = {}) {
    const below = "/some/where/";
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url, "http://localhost");
        const path = normalize(decodeURIComponent(pathname));
        const file =
            path.startsWith(below) && fileAt(join(folder, path.slice(below.length)));
        if (!file) {
            response.writeHead(404).end();
            return;
        }
        const type = { ...TYPES, ...types }[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type }).end(readFileSync(file));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}${below}`,
        close: () =>
            new Promise((resolve) => {
                server.close(resolve);
                // A browser keeps some open that it has not used yet.
                server.closeAllConnections();
            }),
    };
}

function fileAt(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() ? fileAt(join(path, "index.html")) : stats && path;
}
