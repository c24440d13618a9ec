import { once } from "node:events";
import http from "node:http";
import net from "node:net";

/**
 * A reverse proxy that serves `target` below the path `prefix`, with websockets or not;
 * `headers` are laid over those of every answer, and `lengths` says of a path after how many
 * bytes the connection breaks, if it does.
 */
export async function startProxy(
    target,
    prefix,
    { sockets = true, headers: added = {}, lengths = () => null } = {},
) {
    const { hostname, port } = new URL(target);
    const tunnels = new Set();
    const forwarded = (request) => ({
        path: request.url.replace(prefix, ""),
        headers: { ...request.headers, "x-script-name": prefix.replace(/\/$/, "") },
    });
    const server = http.createServer((request, response) => {
        if (!request.url.startsWith(prefix)) {
            response.writeHead(404).end();
            return;
        }
        const { path, headers } = forwarded(request);
        const options = {
            hostname,
            port,
            path: `/${path}`,
            headers,
            method: request.method,
        };
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
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        port: server.address().port,
        url: `http://127.0.0.1:${server.address().port}${prefix}`,
        /** Breaks the websockets that are open. */
        cut,
        stop: () => {
            cut();
            server.closeAllConnections();
            return new Promise((resolve) => server.close(resolve));
        },
    };
}

async function breakOff(answer, response, length) {
    const chunks = await answer.toArray();
    const start = Buffer.concat(chunks).subarray(0, length);
    response.write(start, () => response.destroy());
}
