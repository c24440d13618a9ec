// A lost connection and a stopped server: the page says so, and recovers.
import { countdown, expectSame, placements, record, showOurs } from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { assertConsole, assertOctoPrintWorks, OFFLINE, slowBed } from "./health.mjs";
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

/** The times of the bed's readings in our graph, in ms. */
const drawn = (page) =>
    page.evaluate(() => {
        const [{ data }] = window.$("#temp_eta_graph").data("plot")?.getData() ?? [{}];
        return data?.filter(Boolean).map(([time]) => time) ?? [];
    });

/** Opens our tab and waits for 40 s of readings: with few, a missed one changes the countdown. */
async function waitForReadings(page) {
    await showOurs(page);
    const span = async () => {
        const times = await drawn(page);
        return times.at(-1) - times[0];
    };
    await expect.poll(span, { message: "ms drawn" }).toBeGreaterThan(40_000);
}

test(
    "a shorter history after a reconnect changes nothing",
    ONLY_IN_ALL,
    async ({ open }) => {
        const page = await open({
            proxy: {},
            prepare: rewriteMessages,
            expected: OFFLINE,
        });
        const { sidebar } = placements(page, "bed");
        const other = placements(await open(), "bed").sidebar;
        await waitForReadings(page);
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
            .poll(() => page.evaluate(() => window.histories), {
                message: "a new history",
            })
            .toBeGreaterThan(0);
        await expectSame(sidebar, other);
        for (const { time } of await shown())
            expect(time, "a countdown at all times").toMatch(/^[\d:]+$/);
        expect(Math.abs((await drawn(page))[0] - oldest)).toBeLessThan(3000);
        await assertOctoPrintWorks(page);
        assertConsole(page, 0);
        await picture(page, "fault-reconnect");
    },
);

test("a stopped server is reported, and a restarted one is used", async ({
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
    // Longer than a countdown continues without a message.
    await page.clock.fastForward("00:31");
    await expect(sidebar.status).toHaveText("no recent temperature report");
    await expect(sidebar.time).toHaveText("");
    await expect(inline.time).toHaveText("");
    await picture(page, "fault-server-gone");

    const { basedir, port, apiKey } = octoprint;
    const back = await startOctoPrint({ basedir, port, apiKey, keep: true });
    // OctoPrint retries at growing intervals; each retry needs real time.
    await expect(async () => {
        await page.clock.fastForward("01:40");
        await expect(offline).toBeHidden({ timeout: 15_000 });
    }).toPass();
    const fresh = await open({ expected: OFFLINE });
    await waitForReadings(fresh);
    await expectSame(sidebar, placements(fresh, "bed").sidebar);
    await assertOctoPrintWorks(page);
    assertConsole(page, 0);
    await picture(page, "fault-server-back");
    await back.stop();
});
