// What an earlier version, another browser or MQTT publishing has learned, in a real OctoPrint.
import { readFileSync } from "node:fs";
import { startBroker, subscribe } from "./broker.mjs";
import { holds, placements, record, seconds } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import { OFFLINE } from "./health.mjs";
import { known } from "./learned.mjs";

test.use({ octoprintOptions: { timeScale: 4, settings: { algorithm: "adaptive" } } });
test.describe.configure({ mode: "serial" });

/** The state of a bed with 4 heat-ups, as version 0.1.0 wrote it. */
const OLD = readFileSync(new URL("../data/state-0.1.0.json", import.meta.url), "utf8");

const TARGET = 230;

/** How many heat-ups OctoPrint keeps of a heater. */
async function kept(octoprint, heater) {
    const { heaters } = await octoprint.api("plugin/temp_eta?learned=_default");
    return heaters[heater]?.numbers[2] ?? 0;
}

const expectKept = (octoprint, heater, heatUps) =>
    expect
        .poll(() => kept(octoprint, heater), { message: `heat-ups of ${heater}` })
        .toBe(heatUps);

/** How many a page knows of. */
const expectKnown = (page, heater, heatUps) =>
    expect.poll(async () => (await known(page, heater))[0]).toBe(heatUps);

const tool = (page) => placements(page, "tool0").sidebar;

async function heatUp(octoprint, ...pages) {
    await octoprint.heat({ tool0: TARGET });
    await Promise.all(pages.map((page) => holds(tool(page), TARGET)));
}

async function coolDown(octoprint) {
    await octoprint.heat({ tool0: 0 });
    const actual = async () => (await octoprint.api("printer")).temperature.tool0.actual;
    await expect.poll(actual, { message: "a cool tool" }).toBeLessThan(45);
}

/** How long the newest heat-up of the tool took, in s, as the printer has reported it. */
async function duration(octoprint) {
    const { temperature } = await octoprint.api("printer?history=true");
    const rows = temperature.history.filter(({ tool0 }) => tool0);
    const off = rows.findLastIndex(({ tool0 }) => tool0.target !== TARGET);
    const [begun, ...others] = rows.slice(off + 1);
    const arrived = others.find(({ tool0 }) => tool0.actual >= TARGET - 1);
    return arrived.time - begun.time;
}

test("what version 0.1.0 has left in a browser is taken over", async ({
    open,
    octoprint,
}) => {
    const prepare = (page) =>
        page.addInitScript(
            ([key, text]) => localStorage.setItem(key, text),
            ["temp_eta/1//_default/bed", OLD],
        );
    const page = await open({ prepare });
    await expectKept(octoprint, "bed", 4);
    await expectKnown(page, "bed", 4);
    await expectKnown(await open(), "bed", 4);
});

test("a browser that was asleep takes what others have learned", async ({
    open,
    octoprint,
}) => {
    const awake = await open();
    const asleep = await open({ proxy: {}, expected: OFFLINE });
    await expectKnown(asleep, "bed", 4);
    await asleep.context().setOffline(true);
    asleep.proxy.cut();
    await heatUp(octoprint, awake);
    await expectKept(octoprint, "tool0", 1);
    await asleep.context().setOffline(false);
    await expectKnown(asleep, "tool0", 1);
    await expectKept(octoprint, "tool0", 1);
});

test("the second heat-up is known from its first reading, in another browser and over MQTT", async ({
    open,
    octoprint,
}) => {
    const broker = await startBroker();
    const listener = await subscribe(broker.port);
    try {
        await octoprint.configure(broker.settings);
        await coolDown(octoprint);
        const page = await open();
        await expectKnown(page, "tool0", 1);
        const shown = await record(page, tool(page));
        const before = listener.heard.length;
        await heatUp(octoprint, page);
        const real = await duration(octoprint);
        const [{ time }] = (await shown()).filter(({ phase }) => phase === "heating");
        const published = listener.heard
            .slice(before)
            .filter(({ topic }) => topic.endsWith("/tool0/eta"))
            .map(({ payload }) => payload)
            .filter(({ state }) => state === "heating");
        for (const first of [seconds(time), published[0].eta_seconds]) {
            expect(Math.abs(first - real)).toBeLessThan(2 + 0.2 * real);
        }
        await expectKept(octoprint, "tool0", 2);
    } finally {
        await listener.stop();
        await broker.stop();
    }
});
