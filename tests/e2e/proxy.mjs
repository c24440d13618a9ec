import http from "node:http";
import net from "node:net";
import { serve } from "./serve.mjs";

const PREFIX = "/octo/";

/**
 * Starts a reverse proxy that serves `target` below a path, optionally without websockets, under
 * the name `host`; `headers` are added to all responses, and `lengths` returns for a path after
 * how many bytes the connection breaks, or `null`.
 */
export async function startProxy(
    target,
    {
        host = "127.0.0.1",
        sockets = true,
        headers: added = {},
        lengths = () => null,
    } = {},
) {
    const { hostname, port } = new URL(target);
    const tunnels = new Set();
    const forwarded = (request) => ({
        path: request.url.replace(PREFIX, ""),
        headers: { ...request.headers, "x-script-name": PREFIX.replace(/\/$/, "") },
    });
    const server = http.createServer((request, response) => {
        if (!request.url.startsWith(PREFIX)) {
            response.writeHead(404).end();
            return;
        }
        const { path, headers } = forwarded(request);
        const { method } = request;
        const options = { hostname, port, path: `/${path}`, headers, method };
        const upstream = http.request(options, (answer) => {
            response.writeHead(answer.statusCode, { ...answer.headers, ...added });
            const length = lengths(path);
            if (length === null) answer.pipe(response);
            else breakOff(answer, response, length);
        });
        upstream.on("error", () => response.destroy());
        request.pipe(upstream);
    });
    server.on("upgrade", (request, socket) => {
        if (!sockets) {
            socket.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n");
            return;
        }
        const { path, headers } = forwarded(request);
        const upstream = net.connect(Number(port), hostname, () => {
            const lines = Object.entries(headers).map(
                ([key, value]) => `${key}: ${value}`,
            );
            upstream.write(`GET /${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
            upstream.pipe(socket).pipe(upstream);
        });
        for (const end of [upstream, socket]) {
            tunnels.add(end);
            end.on("error", () => end.destroy());
            end.on("close", () => tunnels.delete(end));
        }
    });
    const cut = () => {
        for (const end of tunnels) end.destroy();
    };
    const { port: own, stop } = await serve(server);
    return {
        url: `http://${host}:${own}${PREFIX}`,
        /** Breaks all open websockets. */
        cut,
        stop: () => {
            cut();
            return stop();
        },
    };
}

async function breakOff(answer, response, length) {
    const chunks = await answer.toArray();
    const start = Buffer.concat(chunks).subarray(0, length);
    response.write(start, () => response.destroy());
}
