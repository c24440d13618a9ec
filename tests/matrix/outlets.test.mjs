// Events, REST and the display on each OctoPrint, with no browser open.
import { etas, event, gone, probe, seen } from "../e2e/outlets.mjs";
import { expect, test } from "./versions.mjs";

// Its own OctoPrint.
test.use({
    octoprintOptions: {
        ...{ timeScale: 1, plugins: [probe] },
        settings: { events_enabled: true, rest_enabled: true, display_enabled: true },
    },
});

const details = { tag: "@partly-2.0.0rc7" };
test(
    "Without a browser: events, the REST API, the display",
    details,
    async ({ octoprint }) => {
        // The printer is there, and reports.
        const state = async () => (await etas(octoprint)).heaters?.bed?.state;
        await expect.poll(state).toBe("idle");
        // Long enough for an estimate, also where reports are rare.
        await octoprint.heat({ bed: 50 });
        const bed = async () => (await etas(octoprint)).heaters.bed?.eta_seconds;
        await expect.poll(bed).toBeGreaterThan(0);
        await seen(octoprint, "sent", (it) => /^M117 Bed \d+:\d\d$/.test(it));
        expect(await event(octoprint, "target_reached", "bed")).toMatchObject({
            ...{ name: "Bed", target: 50 },
            duration: expect.any(Number),
        });
        await event(octoprint, "printer_ready");
        await seen(octoprint, "sent", (it) => it === "M117");
        await octoprint.configure({
            ...{ events_enabled: false, rest_enabled: false, display_enabled: false },
        });
        await gone(octoprint);
        expect(await etas(octoprint)).toEqual({ state: "off" });
    },
);
