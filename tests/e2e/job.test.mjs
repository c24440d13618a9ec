// ETAs hidden during a print job, except while it waits for temperature.
import { becomes, countdown, placements, record } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: { timeScale: 10 } });
test.describe.configure({ mode: "serial" });

/** Heats, waits for the temperatures, and then runs for minutes. */
const JOB = [
    "M140 S70",
    "M104 S200",
    "G28",
    "M190 S70",
    "M117 bed is there",
    "M109 S200",
    ...Array.from({ length: 20_000 }, () => "G4 P50"),
].join("\n");

const printing = async (page) => (await page.octoprint.api("job")).state === "Printing";
const timesWhileHeating = (shown) =>
    shown.filter(({ phase }) => phase === "heating").map(({ time }) => time ?? "");

test("the wait for temperature at its start has a countdown", async ({ page }) => {
    await page.octoprint.configure({ suppress_while_printing: true });
    await page.octoprint.setTimeScale(1);
    const form = new FormData();
    form.append("file", new Blob([JOB]), "job.gcode");
    form.append("print", "true");
    await page.octoprint.request("api/files/local", { method: "POST", body: form });
    await expect.poll(() => printing(page)).toBe(true);
    const { sidebar } = placements(page, "bed");
    await countdown(sidebar);
    const shown = await record(page, sidebar);
    const ticks = async () => timesWhileHeating(await shown()).length;
    await expect.poll(ticks, "counted down").toBeGreaterThan(3);
    await page.octoprint.setTimeScale(10);
    await becomes(sidebar, "at_target");
    const times = timesWhileHeating(await shown());
    const gone = times.filter((time) => !time);
    expect(gone, `without a time: ${times}`).toEqual([]);
    expect(await printing(page)).toBe(true);
    await picture(page, "16-waiting-job");
});

test("a heater that heats during the print has a status, but no time", async ({
    page,
}) => {
    // Well after its waits: at 50 ms a line, this takes more than ten seconds.
    const far = JOB.indexOf("G4") + 300 * "G4 P50\n".length;
    await expect
        .poll(async () => (await page.octoprint.api("job")).progress.filepos)
        .toBeGreaterThan(far);
    const { sidebar, navbar } = placements(page, "bed");
    const shown = await record(page, sidebar);
    await page.octoprint.setTimeScale(2);
    await page.octoprint.heat({ bed: 110 });
    await expect(sidebar.status).toHaveText("heating");
    const actual = async () => Number.parseFloat(await sidebar.temps.textContent());
    await expect.poll(actual, "heating").toBeGreaterThan(85);
    expect(await printing(page)).toBe(true);
    const times = timesWhileHeating(await shown());
    expect(times.length).toBeGreaterThan(0);
    expect(times.filter((time) => time)).toEqual([]);
    await expect(sidebar.time).toHaveText("");
    await expect(sidebar.progress).toHaveCount(0);
    await expect(navbar.row).toHaveCount(0);
    await picture(page, "17-printing-job");
    await page.octoprint.configure({ suppress_while_printing: false });
    await countdown(sidebar);
});
