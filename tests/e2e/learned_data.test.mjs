// What was learned from the heaters is kept by OctoPrint: browsers and MQTT publishing share it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { venvPython } from "../../scripts/paths.mjs";
import { startBroker } from "./broker.mjs";
import {
    closeSettings,
    openPage,
    openSettings,
    placements,
    reload,
    storedEntries,
} from "./browser.mjs";
import { test as base, expect, expectNoFaults } from "./fixtures.mjs";
import { startOctoPrint } from "./octoprint.mjs";
import { ELSEWHERE } from "./other_users.mjs";
import { picture } from "./visual_checks.mjs";

/** With `open(pageOptions)`, for pages of an OctoPrint that the tests restart. */
const test = base.extend({
    open: async ({ browser }, use) => {
        const pages = [];
        await use(async (options) => {
            const page = await openPage(browser, octoprint, options);
            pages.push(page);
            return page;
        });
        for (const page of pages) await page.close();
        expectNoFaults(pages);
    },
});

test.describe.configure({ mode: "serial" });

/** What a page says while OctoPrint restarts. */
const RESTARTING = /ERR_CONNECTION|WebSocket|Failed to load resource/;

let broker;
let octoprint;

/** Starts OctoPrint, or again with what it has stored, and no history. */
async function start() {
    await octoprint?.stop();
    const last = octoprint && { keep: true, apiKey: octoprint.apiKey };
    const { port } = octoprint ?? {};
    octoprint = await startOctoPrint({
        timeScale: 4,
        settings: { algorithm: "adaptive" },
        ...last,
        port,
    });
    const status = async () => (await octoprint.request("api/printer")).status;
    await expect.poll(status, { message: "a connected printer" }).toBe(200);
}

test.beforeAll(async () => {
    broker = await startBroker();
    await start();
});

test.afterAll(async () => {
    await octoprint?.stop();
    await broker?.stop();
});

/** What OctoPrint keeps of the bed: `[revision, heat-ups]`; `null` for nothing. */
async function kept() {
    const { heaters } = await octoprint.api("plugin/temp_eta?learned=_default");
    return heaters.bed ? [heaters.bed.revision, heaters.bed.numbers[2]] : null;
}

const expectKept = (revision, heatUps) =>
    expect.poll(kept, { message: "what OctoPrint keeps" }).toEqual([revision, heatUps]);

const folder = () => join(octoprint.basedir, "data", "temp_eta");
const file = () => join(folder(), "lessons-_default.json");

/** What a page knows about the bed: its heat-ups, and why OctoPrint does not keep them. */
const known = (page) =>
    page.evaluate(async () => {
        const { tempEtaViewModel: eta } = window.OctoPrint.coreui.viewmodels;
        await eta.refreshLearned();
        const bed = eta.learned().find(({ heater }) => heater === "bed");
        return [bed ? bed.heatUps : 0, eta.keepingProblem()];
    });

const expectKnown = (page, heatUps, problem = "") =>
    expect.poll(() => known(page)).toEqual([heatUps, problem]);

/** The copy of the bed's state in a page's browser: `[revision, whether it is changed]`. */
async function copy(page) {
    const text = (await storedEntries(page))["temp_eta/2//_default/bed"];
    if (!text) return null;
    const { revision, changed } = JSON.parse(text);
    return [revision, changed];
}

/** Lets the bed heat up, as pages show it. */
async function heatUp(target, ...pages) {
    await octoprint.heat({ bed: target });
    const become = (phase) =>
        Promise.all(
            pages.map((page) =>
                expect(placements(page, "bed").sidebar.row).toHaveAttribute(
                    "data-phase",
                    phase,
                ),
            ),
        );
    await become("heating");
    await become("at_target");
}

test("a heat-up in one browser is known in another at once", async ({ open }) => {
    const one = await open({ expected: RESTARTING });
    expect(await kept()).toBeNull();
    await heatUp(60, one);
    await expectKept(1, 1);
    await expectKnown(one, 1);
    expect(await copy(one)).toEqual([1, false]);

    // Without the history, from which the other could learn itself.
    await start();
    const { temperature } = await octoprint.api("printer?history=true");
    expect(temperature.history.some(({ bed }) => bed.target > 0)).toBe(false);
    const other = await open();
    await expectKnown(other, 1);
    expect(await copy(other)).toEqual([1, false]);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ version: 2 });
    await expectKnown(one, 1);
});

test("two browsers and MQTT publishing learn once from one arrival", async ({ open }) => {
    await octoprint.configure(broker.settings);
    const mqtt = async () => (await octoprint.api("plugin/temp_eta")).relay.state;
    await expect.poll(mqtt).toBe("connected");
    const pages = [await open(), await open()];
    await heatUp(60, ...pages);
    await expectKept(2, 2);
    for (const page of pages) {
        await expectKnown(page, 2);
        await expect.poll(() => copy(page)).toEqual([2, false]);
    }
});

test("MQTT publishing has learned the same, and goes on without a browser", async ({
    open,
}) => {
    await octoprint.heat({ bed: 90 });
    await expectKept(3, 3);
    await octoprint.configure({ mqtt_enabled: false });
    await expectKnown(await open(), 3);
});

test("a guest's page uses what is kept, and writes nothing", async ({ open }) => {
    const permissions = ["STATUS", "SETTINGS_READ"];
    await octoprint.put("access/groups/guests", { permissions });
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
});

/** Confirms OctoPrint's dialog. */
async function confirm(page, text) {
    // The settings are open behind it.
    const dialogs = page.locator(".modal.in");
    await expect(dialogs).toHaveCount(2);
    await expect(dialogs.last()).toContainText(text);
    await dialogs.last().locator(".btn-danger").click();
    await expect(dialogs).toHaveCount(1);
}

const notices = (page) => page.locator(".temp-eta-notice");

/** The heat-ups that OctoPrint keeps; a page may have learned more from the history. */
async function settled(...pages) {
    let heatUps;
    const agree = async () => {
        [, heatUps] = await kept();
        const all = await Promise.all(pages.map(known));
        return all.every(([own, problem]) => own === heatUps && problem === "");
    };
    await expect.poll(agree, { message: "pages that know what is kept" }).toBe(true);
    return heatUps;
}

test("is exported, deleted for all pages, and imported again", async ({ open }) => {
    const [page, other] = [await open(), await open()];
    const heatUps = await settled(page, other);
    await openSettings(page, "calculation");
    await expect(page.locator("#temp_eta_learned_list")).toContainText(
        `${heatUps} heat-ups`,
    );
    await expect(page.locator("#temp_eta_keeping")).toHaveText(/OctoPrint keeps this/);
    await picture(page, "50-learned-kept");
    const downloading = page.waitForEvent("download");
    await page.locator("#temp_eta_export").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("temperature-eta-_default.json");
    const exported = JSON.parse(readFileSync(await download.path(), "utf8"));
    expect(exported.heaters.bed[2]).toBe(heatUps);

    await page.locator("#temp_eta_forget").click();
    await confirm(page, "for all browsers and MQTT publishing");
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
    await expect(notices(page).last()).toContainText("too long");
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
    const answer = await octoprint.request("plugin/backup/backup", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ exclude: [] }),
    });
    expect(answer.ok, `${answer.status}`).toBe(true);
    const backups = join(octoprint.basedir, "data", "backup");
    const finished = () => readdirSync(backups).find((it) => it.endsWith(".zip"));
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

test("is brought back by a page if the file is broken", async ({ open }) => {
    const page = await open({ expected: RESTARTING });
    const heatUps = await settled(page);
    await octoprint.stop();
    writeFileSync(file(), '{"version": 2, "heaters": {');
    await start();
    await expectKept(1, heatUps);
    expect(readdirSync(folder())).toContain("lessons-_default.json.aside");
    expect(await settled(page)).toBe(heatUps);
});

test("stays in the browser on a full disk, until there is room", async ({ open }) => {
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
});

test("is not affected by what a hostile client writes", async ({ open }) => {
    const page = await open();
    const heatUps = await settled(page);
    const before = await kept();
    const { file: id, heaters } = await octoprint.api("plugin/temp_eta?learned=_default");
    const state = {
        command: "store_learned",
        profile: "_default",
        file: id,
        heater: "bed",
        based_on: heaters.bed.revision,
        numbers: [1, 2],
    };
    const send = async (changes) => {
        const response = await octoprint.request("api/plugin/temp_eta", {
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
        (await octoprint.api("plugin/temp_eta?learned=_default")).revision;
    expect(await revision()).toBe(before[0] + 2);
    await heatUp(90, page);
    await expect.poll(async () => (await kept())[1]).toBe(heatUps + 1);
    await expectKnown(page, heatUps + 1);
});
