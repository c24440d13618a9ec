import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename } from "node:path";

/** A web server on this machine that has some files, each below its name. */
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
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    return {
        address: (file) => `http://127.0.0.1:${port}/${basename(file)}`,
        close: () => {
            server.closeAllConnections();
            return new Promise((resolve) => server.close(resolve));
        },
    };
}
