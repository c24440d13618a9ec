// The heat soak of a bed, in the page, as events and over MQTT.
import { startBroker, subscribe } from "./broker.mjs";
import { becomes, PLACES, placements, seconds, shown, showOurs } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { etas, event, probe, probed } from "./outlets.mjs";
import { assertLooksRight, heard, listen, picture } from "./visual_checks.mjs";

/** In s. Long enough to be looked at in all places, however slow the machine is. */
const SOAK = 120;

/** The end of a soak takes longer than other waits. */
const LONG = { timeout: 2000 * SOAK };

const SETTINGS = {
    soak_time_bed: SOAK / 60,
    sound_enabled: true,
    sound_soaked: true,
    notification_enabled: true,
    notification_soaked: true,
    events_enabled: true,
    rest_enabled: true,
};
const SOAKED = "Bed has been soaked at 60\u00a0°C.";

test.use({
    octoprintOptions: {
        ...{ heat: false, timeScale: 4, plugins: [probe], settings: SETTINGS },
        config: { appearance: { name: "Ender" } },
    },
    pageOptions: { prepare: listen },
});
test.describe.configure({ mode: "serial" });

let broker;
let listener;

test.beforeAll(async ({ octoprint }) => {
    broker = await startBroker();
    listener = await subscribe(broker.port);
    await octoprint.configure(broker.settings);
    const runtime = async () => (await octoprint.api("plugin/temp_eta")).server.engine;
    await expect.poll(runtime).toBe("wasmtime");
});

test.afterAll(async () => {
    await listener?.stop();
    await broker?.stop();
});

const tab = (page) => page.locator("#tab_plugin_temp_eta");

/** What MQTT has said of the bed, as its states in order. */
const states = () => {
    const all = listener.heard.filter(({ topic }) => topic.endsWith("/bed/eta"));
    return all.map(({ payload }) => payload.state);
};

test("is part of the printer's time from the start", async ({ page, octoprint }) => {
    await showOurs(page);
    await octoprint.setTimeScale(0.5);
    await octoprint.heat({ bed: 60 });
    const { card } = placements(page, "bed");
    await becomes(card, "heating");
    const both = async () => {
        const printer = tab(page).locator(".temp-eta-printer .temp-eta-time").first();
        const [bed, all] = [await shown(card), seconds(await printer.textContent())];
        return bed !== null && all !== null && Math.abs(all - bed - SOAK) <= 1;
    };
    await expect.poll(both, { message: "the bed's time and the soak" }).toBe(true);
    await expect(tab(page)).toContainText("Printer ready in");
    await picture(page, "17-soak-ahead");
    await octoprint.setTimeScale(4);
});

test("is counted down after the arrival, everywhere", async ({ page, octoprint }) => {
    const places = placements(page, "bed");
    await becomes(places.card, "soaking");
    for (const place of Object.keys(PLACES)) {
        await expect(places[place].time).toHaveText(/^[0-2]:\d\d$/);
    }
    await expect(places.card.status).toHaveText("soaking at 60\u00a0°C");
    await assertLooksRight(page, "17-soaking");
    const reached = await event(octoprint, "target_reached", "bed");
    expect(reached.target).toBe(60);
    const bed = async () => (await etas(octoprint)).heaters.bed;
    expect(await bed()).toMatchObject({ state: "soaking", eta_kind: "soaking" });
    await expect.poll(() => states().at(-1)).toBe("soaking");
    expect((await heard(page)).toasts).toEqual([]);
});

test("begins anew when the bed leaves its band", async ({ page, octoprint }) => {
    const { card } = placements(page, "bed");
    // It has gone on for a while.
    const left = () => shown(card);
    await expect.poll(left, LONG).toBeLessThan(SOAK - 40);
    const before = await left();
    await octoprint.setTimeScale(0.5);
    await octoprint.coolBed(12);
    await becomes(card, "heating");
    await octoprint.setTimeScale(4);
    await becomes(card, "soaking");
    await expect.poll(left).toBeGreaterThan(before);
});

test("ends with an alert, an event and a printer that is ready", async ({
    page,
    octoprint,
}) => {
    const { card } = placements(page, "bed");
    await expect(card.status).toHaveText("holds 60\u00a0°C", LONG);
    await expect.poll(async () => (await heard(page)).toasts).toEqual([SOAKED]);
    await expect.poll(async () => (await heard(page)).tones).toBe(2);
    const soaked = await event(octoprint, "soaked", "bed");
    expect(soaked.predicted).toBe(SOAK);
    // Where reports come late it ends late, as silence does not count.
    expect(soaked.duration).toBeGreaterThanOrEqual(SOAK - 1);
    expect(soaked.duration).toBeLessThan(2 * SOAK);
    await event(octoprint, "printer_ready");
    const names = (await probed(octoprint)).events.map(([name]) => name.slice(16));
    expect(names, "each once").toEqual(["target_reached", "soaked", "printer_ready"]);
    await expect.poll(() => states().at(-1)).toBe("at_target");
    const order = states().filter((it, i, all) => it !== all[i - 1]);
    expect(order.join(" ")).toMatch(/heating soaking heating soaking at_target$/);
});
