// The adaptive algorithm in a real page: a countdown at once, and a stored learned model.
import {
    becomes,
    holds,
    placements,
    record,
    reloadPage,
    storedStates,
} from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";

test.use({ octoprintOptions: { timeScale: 4, settings: { algorithm: "adaptive" } } });
test.describe.configure({ mode: "serial" });

/** The number of learned heat-ups in the stored model. */
const heatUps = async (page) => {
    const [state] = Object.values(await storedStates(page));
    return state ? state[2] : 0;
};

test("has a countdown with the first reading of the new target", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    expect(await storedStates(page)).toEqual({});
    const { sidebar } = placements(page, "bed");
    const shown = await record(page, sidebar);
    await page.octoprint.heat({ bed: 60 });
    await becomes(sidebar, "at_target");
    const heating = (await shown()).filter(({ phase }) => phase === "heating");
    const [{ status, time }] = heating;
    expect(status).toBe("heating");
    expect(time, "not measuring first").toMatch(/^\d+:\d\d$/);
});

test("keeps what it learned from the heat-up, also after a reload", async ({ page }) => {
    await becomes(placements(page, "bed").inline, "at_target");
    await expect.poll(() => heatUps(page), { message: "heat-ups learned" }).toBe(1);
    const stored = await storedStates(page);
    const [[key, state]] = Object.entries(stored);
    expect(key).toMatch(/^temp_eta\/2\/.*_default\/bed$/);
    expect(JSON.stringify(state).length).toBeLessThan(2000);

    await reloadPage(page);
    await placements(page, "bed").inline.row.waitFor();
    expect(await storedStates(page), "nothing is learned twice from the history").toEqual(
        stored,
    );
});

test("also learns from the next heat-up", ONLY_IN_ALL, async ({ page }) => {
    await page.octoprint.heat({ bed: 90 });
    await holds(placements(page, "bed").sidebar, 90);
    await expect.poll(() => heatUps(page), { message: "heat-ups learned" }).toBe(2);
});
