// Printers with odd firmware in a real OctoPrint, whose own serial layer hears them: what the page
// shows, and what MQTT publishes meanwhile.
import { startBroker, subscribe } from "./broker.mjs";
import { awaitReadings, openPage, placements, record, showOurs } from "./browser.mjs";
import { expect, expectNoFaults, ONLY_IN_ALL, test } from "./fixtures.mjs";
import {
    hearLines,
    playRecording,
    recordedPrinter,
    startRecording,
} from "./recorded.mjs";
import { forecastPixels, heard, listen, picture } from "./visual_checks.mjs";

const ALERTS = {
    notification_enabled: true,
    notification_target_reached: true,
    notification_cooldown_finished: true,
};

test.use({ octoprintOptions: { ...recordedPrinter, settings: ALERTS } });

let broker;
let listener;

test.beforeAll(async () => {
    broker = await startBroker();
    listener = await subscribe(broker.port);
});

test.afterAll(async () => {
    await listener?.stop();
    await broker?.stop();
});

/** Opens a page while a recording is played, and has MQTT publish from now on. */
async function watch(browser, octoprint, name, how) {
    await octoprint.configure({ mqtt_enabled: false });
    await playRecording(octoprint, name, how);
    const page = await openPage(browser, octoprint, { prepare: listen });
    listener.heard.length = 0;
    await octoprint.configure(broker.settings);
    await expect
        .poll(async () => (await octoprint.api("plugin/temp_eta")).server.state)
        .toBe("connected");
    return page;
}

async function close(page) {
    expectNoFaults([page]);
    await page.close();
}

/** The last parts of the topics that were published, without those of Home Assistant. */
const published = (ending) =>
    listener.heard.flatMap(({ topic, payload }) => {
        const parts = topic.split("/");
        return topic.startsWith("octoprint/temp_eta/") && parts.at(-1) === ending
            ? [{ heater: parts.at(-2), payload }]
            : [];
    });
/** The heaters that were published, without the whole printer. */
const publishedHeaters = () => {
    const all = new Set(published("eta").map(({ heater }) => heater));
    all.delete("printer");
    return [...all].toSorted();
};
/** The heaters that a placement shows. */
const shownIn = (page, place) =>
    page
        .locator(`${place} .temp-eta-heater`)
        .evaluateAll((all) => all.map(({ dataset }) => dataset.heater));
const OUR_TAB = "#tab_plugin_temp_eta";
const SIDEBAR = "#sidebar_plugin_temp_eta";
const NAVBAR = "#navbar_plugin_temp_eta";
const TABLE = "#temperature-table";

/** Takes pictures of the Temperature tab and of our own. */
async function pictures(page, name) {
    await page.locator("#temp_link a").click();
    await picture(page, `50-${name}-temperature`);
    await showOurs(page);
    await picture(page, `50-${name}-tab`);
}

test("a sensor of the computer is not counted down", async ({ browser, octoprint }) => {
    const page = await watch(browser, octoprint, "klipper_rpi", { since: 900 });
    await hearLines(octoprint, 5);
    await page.locator(`${SIDEBAR} .temp-eta-empty`).waitFor();
    for (const place of [SIDEBAR, NAVBAR, TABLE]) {
        expect(await shownIn(page, place), place).toEqual([]);
    }
    expect(await shownIn(page, OUR_TAB)).toEqual(["tool0"]);
    expect(await forecastPixels(page), "forecast").toBe(0);
    await pictures(page, "sensor");
    await expect.poll(() => publishedHeaters()).toEqual(["tool0"]);
    const announced = listener.heard.filter(({ topic }) => /rpi/.test(topic));
    expect(announced).toEqual([]);
    await close(page);
});

test(
    "six tools and a bed of sixteen tiles are seven heaters",
    ONLY_IN_ALL,
    async ({ browser, octoprint }) => {
        // Held until the page is there, as the tool does not take long.
        const how = { since: 10, held: true };
        const page = await watch(browser, octoprint, "xl", how);
        await startRecording(octoprint);
        const heaters = [..."012345"].map((number) => `tool${number}`).concat("bed");
        await expect.poll(() => shownIn(page, OUR_TAB)).toEqual(heaters);
        await expect.poll(() => shownIn(page, SIDEBAR)).toEqual(["tool1", "bed"]);
        await expect.poll(() => shownIn(page, NAVBAR)).toEqual(["tool1", "bed"]);
        await expect(page.locator(`${SIDEBAR} .temp-eta-printer`)).toHaveText(
            /Printer ready in\s+\d+:\d\d/,
        );
        await pictures(page, "tiles");
        const { height } = await page.locator(NAVBAR).boundingBox();
        expect(height, "one line").toBeLessThan(45);
        const { toasts } = await heard(page);
        expect(toasts.length, "nothing has arrived yet").toBeLessThanOrEqual(1);
        await startRecording(octoprint, { speed: 4 });
        await expect(placements(page, "bed").card.row).toHaveAttribute(
            "data-phase",
            "at_target",
        );
        await hearLines(octoprint, 20);
        expect((await heard(page)).toasts).toEqual([
            "Tool 1 has reached 185\u00a0°C.",
            "Bed has reached 85\u00a0°C.",
        ]);
        await pictures(page, "tiles-arrived");
        expect(publishedHeaters()).toEqual(heaters.toSorted());
        await close(page);
    },
);

test(
    "a thermistor that comes loose is told, with what it reads",
    ONLY_IN_ALL,
    async ({ browser, octoprint }) => {
        const how = { since: 38, speed: 0.5, held: true };
        const page = await watch(browser, octoprint, "idle_open", how);
        await startRecording(octoprint);
        const { card, sidebar } = placements(page, "tool0");
        const words = "the reading makes no sense (1023.8\u00a0°C)";
        for (const place of [card, sidebar]) {
            await expect(place.status).toHaveText(words);
            await expect(place.temps, "not what was read before").not.toHaveText(/22/);
        }
        const shown = await record(page, card);
        await pictures(page, "loose-thermistor");
        await hearLines(octoprint, 5);
        const entries = await shown();
        expect(entries, JSON.stringify(entries)).toHaveLength(1);
        expect(published("state_change")).toEqual([]);
        await close(page);
    },
);

/**
 * Checks that a card without a countdown has temperature and rate on one line, and that a row's
 * status keeps its distance to the borders of its cell.
 */
async function assertPlaced(card, row) {
    const textBox = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const { left, right, bottom } = range.getBoundingClientRect();
        return { left, right, bottom };
    };
    const [temps, rate] = await Promise.all(
        ["temps", "rate"].map((it) => card.locator(`.temp-eta-${it}`).evaluate(textBox)),
    );
    expect(Math.abs(temps.bottom - rate.bottom), "of the baselines").toBeLessThan(6);
    // The cell is narrow only while its tab is shown.
    await row.page().locator("#temp_link a").click();
    const status = await row.locator(".temp-eta-status").evaluate(textBox);
    const cell = await row.locator("xpath=ancestor::td").boundingBox();
    expect(status.left - cell.x).toBeGreaterThan(4);
    expect(cell.x + cell.width - status.right).toBeGreaterThan(4);
}

test(
    "a weak bed levels off, which is said once",
    ONLY_IN_ALL,
    async ({ browser, octoprint }) => {
        const page = await watch(browser, octoprint, "weak_bed_noise", { since: 893 });
        const { inline, sidebar, card } = placements(page, "bed");
        const places = { sidebar, inline };
        const words = "levels off below 100\u00a0°C";
        const records = [];
        for (const [name, place] of Object.entries(places)) {
            await expect(place.status, name).toHaveText(words);
            records.push(await record(page, place));
        }
        await awaitReadings(page, 1);
        await pictures(page, "weak-bed");
        await expect(card.time).toHaveText("");
        await assertPlaced(card.row, inline.row);
        // Long enough for noise to change something, and beyond second 942, when it stalls.
        await hearLines(octoprint, 28);
        for (const shown of records) {
            const entries = await shown();
            const texts = entries.map(({ status, time }) => `${status}${time ?? ""}`);
            expect([...new Set(texts)], JSON.stringify(entries)).toEqual([words]);
        }
        const states = published("state_change").map(({ payload }) => payload.state);
        expect(states.length, `${states}`).toBeLessThanOrEqual(1);
        expect(publishedHeaters()).toEqual(["bed", "tool0"]);
        await close(page);
    },
);
