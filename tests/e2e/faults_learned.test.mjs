// A broken file, a full disk and a hostile client: what was learned is not lost.
import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { closeSettings, openSettings, reload } from "./browser.mjs";
import { expect, ONLY_IN_ALL } from "./fixtures.mjs";
import {
    confirm,
    current,
    expectKept,
    expectKnown,
    file,
    folder,
    heatUp,
    kept,
    notices,
    RESTARTING,
    settled,
    start,
    stop,
    test,
} from "./learned.mjs";
import { picture } from "./visual_checks.mjs";

test.describe.configure({ mode: "serial" });

test.beforeAll(start);
test.afterAll(stop);

test("is brought back by a page if the file is broken", async ({ open }) => {
    const page = await open({ expected: RESTARTING });
    await heatUp(60, page);
    await expectKept(1, 1);
    const heatUps = await settled(page);
    await current().stop();
    writeFileSync(file(), '{"version": 2, "heaters": {');
    await start();
    await expectKept(1, heatUps);
    expect(readdirSync(folder())).toContain("lessons-_default.json.aside");
    expect(await settled(page)).toBe(heatUps);
});

test(
    "stays in the browser on a full disk, until there is room",
    ONLY_IN_ALL,
    async ({ open }) => {
        const page = await open();
        const heatUps = await settled(page);
        // Nothing can be written where a folder is, not even by root.
        mkdirSync(`${file()}.new`);
        await heatUp(60, page);
        await expectKnown(page, heatUps + 1, "unwritable");
        expect(await kept()).toEqual([1, heatUps]);
        await openSettings(page, "calculation");
        await expect(page.locator("#temp_eta_keeping")).toContainText("disk may be full");
        await picture(page, "52-learned-full-disk");
        await page.locator("#temp_eta_forget").click();
        await confirm(page, "This deletes");
        await expect(notices(page).last()).toContainText("Nothing was deleted");
        await closeSettings(page);
        rmdirSync(`${file()}.new`);
        await reload(page);
        await expectKept(2, heatUps + 1);
        expect(await settled(page)).toBe(heatUps + 1);
    },
);

test("is not affected by what a hostile client writes", ONLY_IN_ALL, async ({ open }) => {
    const page = await open();
    const heatUps = await settled(page);
    const before = await kept();
    const { file: id, heaters } = await current().api("plugin/temp_eta?learned=_default");
    const state = {
        command: "store_learned",
        profile: "_default",
        file: id,
        heater: "bed",
        based_on: heaters.bed.revision,
        numbers: [1, 2],
    };
    const send = async (changes) => {
        const response = await current().request("api/plugin/temp_eta", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ ...state, ...changes }),
        });
        return response.status;
    };
    for (const [changes, status] of [
        [{ profile: "../../config" }, 404],
        [{ profile: null }, 404],
        [{ heater: "x".repeat(65) }, 400],
        [{ heater: {} }, 400],
        [{ numbers: {} }, 400],
        [{ numbers: ["<script>"] }, 400],
        [{ numbers: Array.from({ length: 1001 }, () => 0) }, 400],
        [{ based_on: -1 }, 400],
        [{ based_on: "1" }, 400],
        [{ file: [] }, 400],
        [{ numbers: undefined }, 400],
    ])
        expect(await send(changes), JSON.stringify(changes).slice(0, 80)).toBe(status);
    expect(await kept()).toEqual(before);
    // Numbers that no module accepts are stored, and nobody uses them.
    expect(await send({ numbers: [1e308, -1e308] })).toBe(200);
    expect(await send({ heater: "<b>", based_on: 0 })).toBe(200);
    const revision = async () =>
        (await current().api("plugin/temp_eta?learned=_default")).revision;
    expect(await revision()).toBe(before[0] + 2);
    await heatUp(90, page);
    await expect.poll(async () => (await kept())[1]).toBe(heatUps + 1);
    await expectKnown(page, heatUps + 1);
});
