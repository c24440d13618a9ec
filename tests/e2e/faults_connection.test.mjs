// A connection that breaks and a server that is gone: the page says so, and recovers.
import { countdown, expectSame, placements, record, showOurs } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { assertComplaints, assertOctoPrintWorks, OFFLINE, slowBed } from "./health.mjs";
import { rewriteMessages } from "./messages.mjs";
import { startOctoPrint } from "./octoprint.mjs";
import { picture } from "./visual_checks.mjs";

test.use({
    octoprintOptions: slowBed(
        { demo_printer: { stays_warm: true } },
        { historical_graph_window_seconds: 1800 },
    ),
});
test.describe.configure({ mode: "serial" });

/** The times of the bed's readings that our graph draws, in ms. */
const drawn = (page) =>
    page.evaluate(() => {
        const [{ data }] = window.$("#temp_eta_graph").data("plot")?.getData() ?? [{}];
        return data?.filter(Boolean).map(([time]) => time) ?? [];
    });

/**
 * Opens our tab and waits for 40 s of readings in it: of few readings each one that is missed
 * would count for much.
 */
async function drawsMany(page) {
    await showOurs(page);
    const span = async () => {
        const times = await drawn(page);
        return times.at(-1) - times[0];
    };
    await expect.poll(span, { message: "ms drawn" }).toBeGreaterThan(40_000);
}

test("a history that is shorter after a reconnect costs nothing", async ({ open }) => {
    const page = await open({ proxy: {}, prepare: rewriteMessages, expected: OFFLINE });
    const { sidebar } = placements(page, "bed");
    const other = placements(await open(), "bed").sidebar;
    await drawsMany(page);
    await expectSame(sidebar, other);
    const [oldest] = await drawn(page);
    await page.evaluate(() => {
        window.histories = 0;
        window.rewrite = (message) => {
            message.history?.temps.splice(0, message.history.temps.length - 2);
            return message;
        };
    });
    const shown = await record(page, sidebar);
    page.proxy.cut();
    await expect
        .poll(() => page.evaluate(() => window.histories), { message: "a new history" })
        .toBeGreaterThan(0);
    await expectSame(sidebar, other);
    for (const { time } of await shown())
        expect(time, "all the time").toMatch(/^[\d:]+$/);
    expect(Math.abs((await drawn(page))[0] - oldest)).toBeLessThan(3000);
    await assertOctoPrintWorks(page);
    assertComplaints(page, 0);
    await picture(page, "fault-reconnect");
});

test("a server that is gone is told in words, and one that is back is followed", async ({
    octoprint,
    open,
}) => {
    const prepare = ({ clock }) => clock.install();
    const page = await open({ prepare, expected: OFFLINE });
    const { sidebar, inline } = placements(page, "bed");
    const offline = page.locator("#offline_overlay");
    await countdown(sidebar);
    await octoprint.stop();
    await offline.waitFor();
    // For longer than a countdown runs on without a message.
    await page.clock.fastForward("00:31");
    await expect(sidebar.status).toHaveText("no word from the printer");
    await expect(sidebar.time).toHaveText("");
    await expect(inline.time).toHaveText("");
    await picture(page, "fault-server-gone");

    const { basedir, port, apiKey } = octoprint;
    const back = await startOctoPrint({ basedir, port, apiKey, keep: true });
    // OctoPrint asks ever more rarely, but then it has to be let ask.
    await expect(async () => {
        await page.clock.fastForward("01:40");
        await expect(offline).toBeHidden({ timeout: 15_000 });
    }).toPass();
    const fresh = await open({ expected: OFFLINE });
    await drawsMany(fresh);
    await expectSame(sidebar, placements(fresh, "bed").sidebar);
    await assertOctoPrintWorks(page);
    assertComplaints(page, 0);
    await picture(page, "fault-server-back");
    await back.stop();
});
