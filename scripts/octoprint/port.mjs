import { once } from "node:events";
import { createServer } from "node:net";
import { Failure } from "../run/failure.mjs";

/**
 * The range of free ports: below the ephemeral ports, which may be in use again before a slowly
 * starting server listens.
 */
const PORTS = { first: 20_000, count: 10_000 };

/** A free port of this machine. */
export async function freePort() {
    for (;;) {
        const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
        try {
            return await listenOnce(port);
        } catch {
            // In use.
        }
    }
}

/** Fails if the port is in use. */
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
