// What was learned from the heaters is kept by OctoPrint: browsers and MQTT publishing share it.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { venvPython } from "../../scripts/paths.mjs";
import { startBroker } from "./broker.mjs";
import { closeSettings, openSettings } from "./browser.mjs";
import { expect, ONLY_IN_ALL } from "./fixtures.mjs";
import {
    confirm,
    copy,
    current,
    expectKept,
    expectKnown,
    file,
    heatUp,
    kept,
    notices,
    RESTARTING,
    settled,
    start,
    stop,
    test,
} from "./learned.mjs";
import { ELSEWHERE } from "./other_users.mjs";
import { picture } from "./visual_checks.mjs";

test.describe.configure({ mode: "serial" });

let broker;

test.beforeAll(async () => {
    broker = await startBroker();
    await start();
});

test.afterAll(async () => {
    await stop();
    await broker?.stop();
});

test("a heat-up in one browser is known in another at once", async ({ open }) => {
    const one = await open({ expected: RESTARTING });
    expect(await kept()).toBeNull();
    await heatUp(60, one);
    await expectKept(1, 1);
    await expectKnown(one, 1);
    expect(await copy(one)).toEqual([1, false]);

    // Without the history, from which the other could learn itself.
    await start();
    const { temperature } = await current().api("printer?history=true");
    expect(temperature.history.some(({ bed }) => bed.target > 0)).toBe(false);
    const other = await open();
    await expectKnown(other, 1);
    expect(await copy(other)).toEqual([1, false]);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ version: 2 });
    await expectKnown(one, 1);
});

test("two browsers and MQTT publishing learn once from one arrival", async ({ open }) => {
    await current().configure(broker.settings);
    const mqtt = async () => (await current().api("plugin/temp_eta")).server.state;
    await expect.poll(mqtt).toBe("connected");
    const pages = [await open(), await open()];
    await heatUp(60, ...pages);
    await expectKept(2, 2);
    for (const page of pages) {
        await expectKnown(page, 2);
        await expect.poll(() => copy(page)).toEqual([2, false]);
    }
});

test(
    "MQTT publishing has learned the same, and goes on without a browser",
    ONLY_IN_ALL,
    async ({ open }) => {
        await current().heat({ bed: 90 });
        await expectKept(3, 3);
        await current().configure({ mqtt_enabled: false });
        await expectKnown(await open(), 3);
    },
);

test(
    "a guest's page uses what is kept, and writes nothing",
    ONLY_IN_ALL,
    async ({ open }) => {
        const permissions = ["STATUS", "SETTINGS_READ"];
        await current().put("access/groups/guests", { permissions });
        const ours = [];
        const guest = await open({
            headers: ELSEWHERE,
            touched: false,
            // OctoPrint's own page makes requests that such a user may not.
            expected: /403 \(FORBIDDEN\)/,
            prepare: (page) =>
                page.on("response", (response) => {
                    if (response.url().includes("api/plugin/temp_eta"))
                        ours.push(`${response.request().method()} ${response.status()}`);
                }),
        });
        await expectKnown(guest, 3, "no_permission");
        await heatUp(110, guest);
        await expectKnown(guest, 4, "no_permission");
        await expect.poll(() => copy(guest)).toEqual([3, true]);
        expect(await kept()).toEqual([3, 3]);
        // Which printer it is, and what is known about it.
        expect(ours).toEqual(["GET 200", "GET 200"]);
    },
);

test("is exported, deleted for all pages, and imported again", async ({ open }) => {
    const [page, other] = [await open(), await open()];
    const heatUps = await settled(page, other);
    await openSettings(page, "calculation");
    await expect(page.locator("#temp_eta_learned_list")).toContainText(
        `${heatUps} heat-ups`,
    );
    await expect(page.locator("#temp_eta_keeping")).toHaveText(/Stored by OctoPrint/);
    await picture(page, "50-learned-kept");
    const downloading = page.waitForEvent("download");
    await page.locator("#temp_eta_export").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("temperature-eta-_default.json");
    const exported = JSON.parse(readFileSync(await download.path(), "utf8"));
    expect(exported.heaters.bed[2]).toBe(heatUps);

    await page.locator("#temp_eta_forget").click();
    await confirm(page, "for all browsers and for OctoPrint itself");
    await expect.poll(kept).toBeNull();
    await expectKnown(page, 0);
    await expectKnown(other, 0);
    expect([await copy(page), await copy(other)]).toEqual([null, null]);
    await expect(page.locator("#temp_eta_forget")).toBeDisabled();

    const choose = (name, content) =>
        page.locator("#temp_eta_import_file").setInputFiles({
            name,
            mimeType: "application/json",
            buffer: Buffer.from(content),
        });
    await choose("odd.json", "hello");
    await expect(notices(page).last()).toContainText("no learned data");
    await choose("long.json", " ".repeat(1_000_001));
    await expect(notices(page).last()).toContainText("too large");
    const heaters = { ...exported.heaters, chamber: [9], "tool<b>": "x" };
    await choose("learned.json", JSON.stringify({ ...exported, heaters }));
    await confirm(page, "This replaces what was learned about: Bed");
    await expect(notices(page).last()).toContainText("Imported: Bed");
    await expect(notices(page).last()).toContainText("Chamber and tool<b>");
    await picture(page, "51-learned-imported");
    expect(await settled(page, other)).toBe(heatUps);
    await closeSettings(page);
});

test("is in OctoPrint's backup", async () => {
    const answer = await current().request("plugin/backup/backup", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ exclude: [] }),
    });
    expect(answer.ok, `${answer.status}`).toBe(true);
    const backups = join(current().basedir, "data", "backup");
    // Until it is complete its name begins with a dot.
    const finished = () => readdirSync(backups).find((it) => /^[^.].*\.zip$/.test(it));
    await expect.poll(finished, { message: "a backup" }).toBeTruthy();
    const script =
        "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())";
    const name = "basedir/data/temp_eta/lessons-_default.json";
    const stored = execFileSync(venvPython, [
        "-c",
        script,
        join(backups, finished()),
        name,
    ]);
    expect(JSON.parse(stored).heaters.bed.numbers[2]).toBe((await kept())[1]);
});
