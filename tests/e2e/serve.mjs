import { once } from "node:events";

/** Lets a server of node:http listen on a free local port. */
export async function serve(server) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    const stop = () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    };
    return { port, url: `http://127.0.0.1:${port}`, stop };
}
