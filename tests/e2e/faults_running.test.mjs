// A wasm module that fails, and unusual input: OctoPrint keeps working.
import {
    callAfterFailure,
    callsAfterFailure,
    failIn,
    loadBreakable,
} from "./breakable.mjs";
import { closeSettings, countdown, openSettings, placements } from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { assertConsole, assertFailed, assertOctoPrintWorks, slowBed } from "./health.mjs";
import { rewriteMessages } from "./messages.mjs";
import { takeNotice } from "./settings.mjs";
import { picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: slowBed() });

test(
    "heaters with the names of object properties do no harm",
    ONLY_IN_ALL,
    async ({ octoprint, open }) => {
        const names = ["__proto__", "constructor"];
        const page = await open({ prepare: rewriteMessages });
        await countdown(placements(page, "bed").sidebar);
        await page.evaluate((names) => {
            window.rewrite = (message) => {
                for (const row of message.current?.temps ?? [])
                    for (const name of names) {
                        const value = { actual: 30 + (row.time % 30), target: 200 };
                        Object.defineProperty(row, name, { value, enumerable: true });
                    }
                return message;
            };
        }, names);
        await openSettings(page, "heaters");
        for (const name of names) {
            await page.locator(`#temp_eta_heaters [data-heater="${name}"]`).waitFor();
            expect(await page.evaluate((it) => ({})[it]?.target, name)).toBeUndefined();
        }
        await picture(page, "fault-names");
        await closeSettings(page);
        // With such a value in its settings, OctoPrint's page would not start any more.
        for (const heater of names) {
            const heaters = [{ heater, counted: true, name: "" }];
            await octoprint.configure({ heaters });
        }
        expect((await octoprint.settings()).heaters).toEqual([]);
        await takeNotice(page, [/name that JavaScript reserves/]);
        await countdown(placements(page, "bed").sidebar);
        await assertOctoPrintWorks(page);
        assertConsole(page, 0);
    },
);

test("a broken thermistor is told everywhere, and over with the next good reading", async ({
    open,
}) => {
    const page = await open({ prepare: rewriteMessages });
    const { inline, sidebar, card, navbar } = placements(page, "bed");
    await countdown(navbar);
    await page.evaluate(() => {
        window.rewrite = (message) => {
            for (const { bed } of message.current?.temps ?? []) bed.actual = 1023.75;
            return message;
        };
    });
    const told = "the reading makes no sense (1023.8\u00a0°C)";
    for (const place of [inline, sidebar, card, navbar]) {
        await expect(place.status).toHaveText(told);
        await expect(place.time).toHaveText("");
    }
    for (const place of [inline, navbar])
        await expect(place.row).toHaveAttribute("title", `Bed: ${told}`);
    await expect(navbar.row.locator(".fa-exclamation-triangle")).toBeVisible();
    for (const place of [sidebar, card]) await expect(place.temps).toHaveText("");
    await picture(page, "fault-thermistor");
    await page.evaluate(() => {
        window.rewrite = (message) => message;
    });
    for (const place of [inline, sidebar, card, navbar]) await countdown(place);
    await expect(navbar.row.locator(".fa-exclamation-triangle")).toBeHidden();
    assertConsole(page, 1);
});

const REASONS = { trap: /unreachable/, panic: /panicked at / };

for (const [method, failure, details] of [
    ["ingest", "panic", {}],
    ["snapshot", "trap", {}],
    ["ingest", "trap", ONLY_IN_ALL],
    ["snapshot", "panic", ONLY_IN_ALL],
    ["graph", "trap", ONLY_IN_ALL],
]) {
    test(
        `a ${failure} in ${method} during a countdown is reported`,
        details,
        async ({ open }) => {
            const page = await open({ prepare: (page) => loadBreakable(page) });
            await countdown(placements(page, "bed").inline);
            assertConsole(page, 0);
            await failIn(page, method, failure);
            await assertFailed(page, REASONS[failure]);
            expect(await callsAfterFailure(page)).toBe(0);
            await callAfterFailure(page);
            expect(await callsAfterFailure(page), "calls are counted").toBe(1);
            // That call reports an error of its own.
            page.faults.length = 0;
            await picture(page, `fault-${method}-${failure}`);
        },
    );
}

for (const [method, failure, details] of [
    ["new", "trap", {}],
    ["configure", "trap", ONLY_IN_ALL],
    ["equip", "panic", ONLY_IN_ALL],
]) {
    test(
        `a ${failure} in ${method} at the start is reported`,
        details,
        async ({ open }) => {
            const prepare = (page) => loadBreakable(page, [method, failure]);
            const page = await open({ prepare });
            await assertFailed(page, REASONS[failure]);
            expect(await callsAfterFailure(page)).toBe(0);
        },
    );
}
