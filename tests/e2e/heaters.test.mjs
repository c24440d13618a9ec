// Which heaters are shown, and what they are called: the owner's choice, in all placements.
import { fileURLToPath } from "node:url";
import { darken, narrow } from "../../scripts/screenshots/themes.mjs";
import {
    closeSettings,
    countdown,
    openSettings,
    placements,
    reload,
    showOurs,
} from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { slowBed } from "./health.mjs";
import { configOf, octoprintFolder, startOctoPrint } from "./octoprint.mjs";
import { assertLooksRight, heard, listen } from "./visual_checks.mjs";

// A dryer with a target, and a sensor.
const custom = fileURLToPath(new URL("../custom_heaters", import.meta.url));
const ALERTS = { notification_enabled: true, notification_target_reached: true };

test.use({
    octoprintOptions: { ...slowBed({}, ALERTS), plugins: [custom] },
    pageOptions: { prepare: listen },
});
test.describe.configure({ mode: "serial" });

const LISTED = ["tool0", "bed", "chamber", "dryer", "rpi"];

const list = (page) => page.locator("#temp_eta_heaters tbody tr");
const row = (page, heater) => page.locator(`#temp_eta_heaters [data-heater="${heater}"]`);
const shown = (page, heater) => row(page, heater).getByRole("checkbox");
const ownName = (page, heater) => row(page, heater).getByRole("textbox");
const save = (page) => closeSettings(page, "settings-save");
/** The setting in config.yaml. */
const configured = ({ octoprint }) => configOf(octoprint).plugins.temp_eta?.heaters;
const inNavbar = (page) =>
    page
        .locator("#navbar_plugin_temp_eta .temp-eta-heater")
        .evaluateAll((heaters) => heaters.map((it) => it.dataset.heater));

/** The heaters in the list; waits until there are all of them. */
async function expectListed(page, heaters) {
    await expect(list(page)).toHaveCount(heaters.length);
    const ids = await list(page).evaluateAll((rows) =>
        rows.map((it) => it.dataset.heater),
    );
    expect(ids).toEqual(heaters);
}

test("list what the printer reports: its heaters, other heaters, then sensors", async ({
    page,
}) => {
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    await openSettings(page, "heaters");
    await expectListed(page, LISTED);
    for (const heater of LISTED) {
        const isOwn = ["tool0", "bed", "chamber"].includes(heater);
        await expect(shown(page, heater)).toBeChecked({ checked: isOwn });
    }
    await expect(row(page, "rpi")).toHaveText(/rpi\s+sensor/);
    await expect(ownName(page, "bed")).toHaveAttribute("placeholder", "Bed");
    await expect(shown(page, "bed")).toHaveAccessibleName("Show Bed");
    await expect(ownName(page, "bed")).toHaveAccessibleName("Name Bed");
    await assertLooksRight(page, "heaters");
    await closeSettings(page);
    for (const { row } of Object.values(placements(page, "dryer"))) {
        await expect(row).toHaveCount(0);
    }
});

test("are named in the printer's line if their time is not known", async ({
    page,
    octoprint,
}) => {
    const heaters = [{ heater: "chamber", counted: true, name: "Enclosure" }];
    // The chamber is slower than this.
    await octoprint.configure({ min_rate: 0.1, heaters });
    await octoprint.heat({ chamber: 60 });
    for (const place of ["sidebar", "tab"]) {
        const line = page.locator(`#${place}_plugin_temp_eta .temp-eta-printer`).first();
        await expect(line).toHaveText(/^\s*Printer ready in\s.*without Enclosure\s*$/s);
    }
    await assertLooksRight(page, "heaters-without");
    await octoprint.heat({ chamber: 0 });
    await octoprint.configure({ min_rate: 0.01, heaters: [] });
});

test("are shown everywhere once they are chosen, also after a reload", async ({
    page,
}) => {
    const { card, sidebar, navbar } = placements(page, "dryer");
    await openSettings(page, "heaters");
    // With the keyboard.
    await shown(page, "dryer").press("Space");
    expect(await card.row.count(), "no effect before it is saved").toBe(0);
    await save(page);
    for (const place of [card, sidebar, navbar]) await countdown(place);
    expect(configured(page)).toEqual([{ counted: true, heater: "dryer", name: "" }]);
    await reload(page);
    await showOurs(page);
    for (const place of [card, sidebar, navbar]) await countdown(place);
    // OctoPrint's history is taken in as well: all lines begin at the same time.
    const starts = () =>
        page.evaluate(() => {
            const lines = $("#temp_eta_graph").data("plot")?.getData() ?? [];
            return lines.map(({ data }) => data[0]?.[0]);
        });
    await expect
        .poll(async () => new Set(await starts()).size, { message: "starts of lines" })
        .toBe(1);
});

test("have the owner's name in all placements and alerts", async ({
    page,
    octoprint,
}) => {
    await openSettings(page, "heaters");
    await ownName(page, "bed").fill(" Bett ");
    await save(page);
    const { card, sidebar, navbar, inline } = placements(page, "bed");
    for (const place of [card, sidebar, navbar]) {
        await expect(
            place.row.locator(".temp-eta-name, .temp-eta-sr-only").first(),
        ).toHaveText("Bett");
    }
    await expect(card.row).toHaveAttribute("aria-label", "Bett");
    await expect(card.progress).toHaveAttribute("aria-label", "Bett");
    await expect(page.locator(".temp-eta-readout [data-heater=bed]")).toHaveText(/Bett/);
    for (const place of [navbar, inline]) {
        await expect(place.row).toHaveAttribute("title", /^Bett: heating/);
    }
    await assertLooksRight(page, "heaters-named");
    const { temperature } = await octoprint.api("printer");
    const target = Math.ceil(temperature.bed.actual) + 15;
    await octoprint.setTimeScale(4);
    await octoprint.heat({ bed: target });
    const reached = `Bett has reached ${target}\u00a0°C.`;
    await expect.poll(async () => (await heard(page)).toasts).toContain(reached);
    await expect(page.locator("#temp_eta_page [role=status]")).toHaveText(/Bett: /);
    await octoprint.setTimeScale(0.5);
    await octoprint.heat({ bed: 105 });
    await countdown(card);
});

test("leave the bed alone in the navigation bar if the others are hidden", async ({
    page,
    octoprint,
}) => {
    await octoprint.heat({ tool0: 350 });
    await countdown(placements(page, "tool0").navbar);
    expect(await inNavbar(page)).toEqual(["tool0", "bed", "dryer"]);
    await openSettings(page, "heaters");
    await shown(page, "tool0").uncheck();
    await shown(page, "dryer").uncheck();
    await save(page);
    await expect.poll(() => inNavbar(page)).toEqual(["bed"]);
    for (const { row } of Object.values(placements(page, "tool0"))) {
        await expect(row).toHaveCount(0);
    }
    await assertLooksRight(page, "heaters-bed-alone");
    expect(configured(page)).toEqual([
        { counted: true, heater: "bed", name: "Bett" },
        { counted: false, heater: "tool0", name: "" },
    ]);
    await reload(page);
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    expect(await inNavbar(page)).toEqual(["bed"]);
    await expect(placements(page, "tool0").card.row).toHaveCount(0);
});

test(
    "can be listed in German, on a phone and on a dark theme",
    ONLY_IN_ALL,
    async ({ open }) => {
        const german = await open({ path: "?l10n=de" });
        await openSettings(german, "heaters");
        await expectListed(german, LISTED);
        await expect(row(german, "chamber")).toHaveText(/Gehäuse|Druckraum|Kammer/);
        await expect(ownName(german, "bed")).toHaveValue("Bett");
        await expect(shown(german, "bed")).toHaveAccessibleName("Anzeigen Bett");
        await darken(german);
        await assertLooksRight(german, "heaters-german-dark");
        const phone = await open();
        await openSettings(phone, "heaters");
        await expectListed(phone, LISTED);
        await narrow(phone, 360);
        await assertLooksRight(phone, "heaters-360-px");
    },
);

test("may have a long name", async ({ octoprint, open }) => {
    const { heaters } = await octoprint.settings();
    const name = "W".repeat(40);
    await octoprint.configure({ heaters: [{ heater: "bed", counted: true, name }] });
    const page = await open();
    await showOurs(page);
    await countdown(placements(page, "bed").card);
    await narrow(page, 360);
    await assertLooksRight(page, "heaters-long-name");
    await octoprint.configure({ heaters });
});

test("are the defaults again when the last choice is undone", async ({ page }) => {
    await openSettings(page, "heaters");
    await shown(page, "tool0").uncheck();
    await closeSettings(page);
    await openSettings(page, "heaters");
    await expect(shown(page, "tool0"), "closed without saving").not.toBeChecked();
    await shown(page, "tool0").check();
    await ownName(page, "bed").fill("");
    await save(page);
    await countdown(placements(page, "tool0").card);
    await expect(placements(page, "bed").card.row).toHaveAttribute("aria-label", "Bed");
    expect(configured(page)).toBeUndefined();
});

test(
    "of the profile are listed before a printer is connected",
    ONLY_IN_ALL,
    async ({ open }) => {
        const octoprint = await startOctoPrint({
            basedir: octoprintFolder("unconnected"),
            plugins: [custom],
            config: { serial: { autoconnect: false } },
        });
        try {
            const page = await open({ of: octoprint });
            await openSettings(page, "heaters");
            await expectListed(page, ["tool0", "bed", "chamber"]);
            const hint = page.locator(".temp-eta-incomplete");
            await expect(hint).toBeVisible();
            await assertLooksRight(page, "heaters-unconnected");
            await octoprint.api("connection", { command: "connect" });
            await expectListed(page, LISTED);
            await expect(hint).toBeHidden();
            await page.close();
        } finally {
            await octoprint.stop();
        }
    },
);
