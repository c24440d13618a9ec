// Continues walkthrough.test.mjs, from the last seconds to the cooled-down printer, in two tabs of
// one browser.
import {
    awaitReadings,
    becomes,
    countdown,
    openPage,
    placements,
    record,
    reloadPage,
    seconds,
    showOurs,
} from "./browser.mjs";
import { expect, expectNoFaults, test } from "./fixtures.mjs";
import { assertLooksRight, heard, listen, picture } from "./visual_checks.mjs";

const ALERTS = {
    sound_enabled: true,
    sound_target_reached: true,
    sound_cooldown_finished: true,
    notification_enabled: true,
    notification_target_reached: true,
    notification_cooldown_finished: true,
    notification_timeout_s: 3,
};
const REACHED = ["Tool has reached 240\u00a0°C.", "Bed has reached 90\u00a0°C."];
const LOWERED = "Tool has reached 160\u00a0°C.";

test.use({ octoprintOptions: { timeScale: 4, settings: ALERTS } });
test.describe.configure({ mode: "serial" });

let context;
let page;
let second;

test.beforeAll(async ({ browser, octoprint }) => {
    context = await browser.newContext();
    page = await openPage(context, octoprint, { prepare: listen });
    second = await openPage(context, octoprint, { prepare: listen });
    await showOurs(page);
});

test.afterAll(() => context.close());

test.afterEach(() => expectNoFaults([page]));

const toasts = (where) => expect.poll(async () => (await heard(where)).toasts);

test("counts down to 0:00, then holds, with a toast in each tab and one sound", async () => {
    const { card } = placements(page, "tool0");
    const shown = await record(page, card);
    await page.octoprint.heat({ tool0: 240, bed: 90 });
    await becomes(card, "at_target");
    const entries = await shown();
    const counts = ({ time }) => seconds(time ?? "") !== null;
    const last = entries.findLastIndex(counts);
    // The last text may have been late: the remaining time at its removal counts.
    const passed = Math.floor((entries[last + 1].at - entries[last].at) / 1000);
    const left = seconds(entries[last].time) - passed;
    expect(left, `${JSON.stringify(entries.slice(-5))}`).toBeLessThanOrEqual(1);
    await expect(card.status).toHaveText("holds 240\u00a0°C");
    await expect(card.progress).toHaveCount(0);
    await becomes(placements(page, "bed").card, "at_target");
    for (const where of [page, second]) await toasts(where).toEqual(REACHED);
    await assertLooksRight(page, "5-holding");
    // Two arrivals with a melody of three tones each, and no more.
    const tones = async () => {
        const both = await Promise.all([page, second].map(heard));
        const sum = both[0].tones + both[1].tones;
        // Who has claimed what says why.
        return sum === 6 || JSON.stringify(both);
    };
    await expect.poll(tones).toBe(true);
    for (const where of [page, second]) await awaitReadings(where, 2);
    expect(await tones()).toBe(true);
    for (const where of [page, second]) await toasts(where).toEqual(REACHED);
});

test("cools to a lower target, without an alert before it is reached", async () => {
    await page.octoprint.setTimeScale(0.25);
    await page.octoprint.heat({ tool0: 160 });
    const { card } = placements(page, "tool0");
    await becomes(card, "cooling");
    await countdown(card);
    await expect(card.status).toHaveText("cooling to 160\u00a0°C");
    await picture(page, "6-lowered");
    expect((await heard(page)).toasts).toEqual(REACHED);
    await page.octoprint.setTimeScale(4);
    await becomes(card, "at_target");
    await toasts(page).toEqual([...REACHED, LOWERED]);
});

test("cools down when switched off, without alerts for a reload or a new heat-up", async () => {
    await page.octoprint.heat({ bed: 0 });
    const { card } = placements(page, "bed");
    await becomes(card, "cooling");
    await expect(card.status).toHaveText("cooling to 40\u00a0°C");
    await page.octoprint.heat({ bed: 110 });
    await becomes(card, "heating");
    await page.octoprint.heat({ bed: 0 });
    await becomes(card, "cooling");
    // However long the pages take, they see both heaters on their way, and the tool arrive.
    await page.octoprint.setTimeScale(0.25);
    await reloadPage(second);
    await awaitReadings(second, 1);
    await page.octoprint.heat({ tool0: 0 });
    const tab = page.locator("#tab_plugin_temp_eta");
    await expect(tab).toHaveText(/Cooled down in/);
    await assertLooksRight(page, "7-cooling");
    await page.octoprint.setTimeScale(4);
    await becomes(placements(page, "tool0").card, "cooled_down");
    const cooled = expect.stringMatching(/^Tool has cooled down to (4|5)\d/);
    const tool = async (where) =>
        (await heard(where)).toasts.filter((text) => !/^(Bed|Chamber)/.test(text));
    for (const where of [page, second]) {
        await expect.poll(async () => (await tool(where)).at(-1)).toEqual(cooled);
        await awaitReadings(where, 2);
    }
    const own = [...REACHED, LOWERED].filter((text) => !/^Bed/.test(text));
    expect(await tool(page)).toEqual([...own, cooled]);
    expect(await tool(second)).toEqual([cooled]);
});
