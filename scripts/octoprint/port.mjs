import { once } from "node:events";
import { createServer } from "node:net";
import { Failure } from "../run/failure.mjs";

/**
 * Where free ports are taken from: below those that systems give to whoever connects to
 * somebody, which would be in use again before a server that starts slowly listens.
 */
const PORTS = { first: 20_000, count: 10_000 };

/** A port on this machine that nobody listens on. */
export async function freePort() {
    for (;;) {
        const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
        try {
            return await listenOnce(port);
        } catch {
            // It is not free.
        }
    }
}

/** Fails if somebody listens on the port already. */
export async function needFreePort(port) {
    try {
        await listenOnce(port);
    } catch (error) {
        const why =
            error.code === "EADDRINUSE" ? "in use" : `not available (${error.code})`;
        throw new Failure(
            `Port ${port} is ${why}: end what listens there, or choose another one with PORT.`,
        );
    }
}

async function listenOnce(port) {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const { port: chosen } = server.address();
    server.close();
    await once(server, "close");
    return chosen;
}
