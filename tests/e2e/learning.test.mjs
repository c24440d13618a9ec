// The adaptive algorithm in a real page: a time at once, and lessons that stay.
import { becomes, countdown, placements, record, storedEntries } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";

test.use({ octoprintOptions: { timeScale: 4, settings: { algorithm: "adaptive" } } });
test.describe.configure({ mode: "serial" });

/** How many heat-ups that is. */
const heatUps = async (page) => {
    const [text] = Object.values(await storedEntries(page));
    return text ? JSON.parse(text)[2] : 0;
};

test("has a time with the first reading of the new target", async ({ page }) => {
    await page.locator("#sidebar_plugin_temp_eta .temp-eta-empty").waitFor();
    expect(await storedEntries(page)).toEqual({});
    const { sidebar } = placements(page, "bed");
    const shown = await record(page, sidebar);
    await page.octoprint.heat({ bed: 60 });
    await countdown(sidebar);
    const heating = (await shown()).filter(({ phase }) => phase === "heating");
    const [{ status, time }] = heating;
    expect(status).toBe("heating");
    expect(time, "no measuring first").toMatch(/^\d+:\d\d$/);
});

test("keeps what the heat-up taught, also over a reload", async ({ page }) => {
    await becomes(placements(page, "bed").inline, "at_target");
    await expect.poll(() => heatUps(page), { message: "heat-ups learned" }).toBe(1);
    const lessons = await storedEntries(page);
    const [[key, text]] = Object.entries(lessons);
    expect(key).toMatch(/^temp_eta\/1\/.*_default\/bed$/);
    expect(text.length).toBeLessThan(2000);

    await page.reload();
    await placements(page, "bed").inline.row.waitFor();
    expect(await storedEntries(page), "the history teaches no more").toEqual(lessons);
});

test("learns from the next heat-up on top of it", async ({ page }) => {
    const { inline } = placements(page, "bed");
    await page.octoprint.heat({ bed: 90 });
    await becomes(inline, "heating");
    await becomes(inline, "at_target");
    await expect.poll(() => heatUps(page), { message: "heat-ups learned" }).toBe(2);
});
