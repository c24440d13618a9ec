// Plays recordings of printers to OctoPrint, see tests/data/printers.
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { fileOf, profileOf } from "../printers/recordings.mjs";

const PORT = "RECORDED";

/** OctoPrint's options for recordings. */
export const recordedPrinter = {
    plugins: [fileURLToPath(new URL("../recorded_printer", import.meta.url))],
    config: { serial: { autoconnect: false } },
};

/**
 * Connects OctoPrint to a printer that says a recording, `speed` times as fast as it was. What
 * was said before second `since` is in its history already; the rest waits if it is `held`.
 */
export async function playRecording(octoprint, name, how = {}) {
    await octoprint.api("connection", { command: "disconnect" });
    await expect.poll(octoprint.state).toBe("Closed");
    await octoprint.useTools(profileOf(name).tools);
    const { bed: heatedBed, chamber: heatedChamber } = profileOf(name);
    await octoprint.patch("printerprofiles/_default", {
        profile: { heatedBed, heatedChamber },
    });
    const what = { command: "play", file: fileOf(name), ...how };
    await octoprint.api("plugin/recorded_printer", what);
    // Without a profile, OctoPrint takes its built-in one.
    const connection = { port: PORT, baudrate: 115200, printerProfile: "_default" };
    await octoprint.api("connection", { command: "connect", ...connection });
    await expect.poll(octoprint.state).toBe("Operational");
}

/** Lets a recording that is held begin, or one that has begun go on at another `speed`. */
export function startRecording(octoprint, how = {}) {
    return octoprint.api("plugin/recorded_printer", { command: "start", ...how });
}

/** Waits until `count` more lines have been said. */
export async function hearLines(octoprint, count) {
    const left = async () => (await octoprint.api("plugin/recorded_printer")).left;
    const before = await left();
    expect(before, "lines left").toBeGreaterThanOrEqual(count);
    await expect
        .poll(left, { message: `${count} more lines` })
        .toBeLessThanOrEqual(before - count);
}
