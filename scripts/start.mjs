import { join } from "node:path";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { needFreePort } from "./octoprint/port.mjs";
import { startOctoPrint } from "./octoprint/server.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { cache } from "./paths.mjs";
import { Failure } from "./run/failure.mjs";
import { stopIsSuccess, stopping } from "./run/process-group.mjs";
import { until } from "./run/until.mjs";

export default async function start() {
    const port = wantedPort();
    stopIsSuccess();
    await needFreePort(port);
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    console.log("Starting OctoPrint with a virtual printer ...");
    const octoprint = await startOctoPrint({
        // One folder for each port, as two demos must not share one.
        basedir: join(cache, "demo", String(port)),
        port,
        heat: true,
    });
    await firstPage(octoprint);
    console.log("The bed heats to 60 °C and the tool to 210 °C. Ctrl-C ends it.");
    console.log(`\n    ${octoprint.url}\n`);
    await octoprint.ended;
    if (!stopping()) {
        throw new Failure("OctoPrint ended by itself.", { log: octoprint.logFile });
    }
}

function wantedPort() {
    const port = Number(process.env.PORT || 5000);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
        throw new Failure(
            `PORT must be a number from 1 to 65535, not "${process.env.PORT}".`,
        );
    }
    return port;
}

/** Waits for OctoPrint's first page, which takes a few seconds longer than its API. */
async function firstPage({ url, logFile }) {
    const complete = async () => {
        const response = await fetch(url).catch(() => null);
        return response?.ok && (await response.text()).includes("OCTOPRINT_VIEWMODELS");
    };
    const failure = new Failure("OctoPrint's page did not appear.", { log: logFile });
    await until(complete, { timeoutMs: 60_000, failure });
}
