import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename } from "node:path";
import { serve } from "../e2e/serve.mjs";

/** Starts a local web server that serves files by their names. */
export async function openShelf(files) {
    const byPath = new Map(files.map((file) => [`/${basename(file)}`, file]));
    const server = createServer((request, response) => {
        const file = byPath.get(request.url);
        if (!file) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, { "Content-Type": "application/octet-stream" });
        response.end(readFileSync(file));
    });
    const { url, stop } = await serve(server);
    return { address: (file) => `${url}/${basename(file)}`, stop };
}
