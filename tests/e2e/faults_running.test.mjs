// A calculation that breaks down, and input as odd as can be: OctoPrint never suffers.
import { breakDown, callOnce, callsAfterBreakdown, loadBreakable } from "./breakable.mjs";
import { countdown, placements } from "./browser.mjs";
import { expect, test } from "./fixtures.mjs";
import {
    assertComplaints,
    assertFailed,
    assertOctoPrintWorks,
    slowBed,
} from "./health.mjs";
import { rewriteMessages } from "./messages.mjs";
import { picture } from "./visual_checks.mjs";

test.use({ octoprintOptions: slowBed() });

test("heaters that are called as what every object has are heaters", async ({ open }) => {
    const page = await open({ prepare: rewriteMessages });
    await countdown(placements(page, "bed").sidebar);
    await page.evaluate(() => {
        window.rewrite = (message) => {
            for (const row of message.current?.temps ?? [])
                for (const name of ["__proto__", "constructor"]) {
                    const value = { actual: 30 + (row.time % 30), target: 200 };
                    Object.defineProperty(row, name, { value, enumerable: true });
                }
            return message;
        };
    });
    for (const name of ["__proto__", "constructor"]) {
        await placements(page, name).sidebar.row.waitFor();
        expect(await page.evaluate((it) => ({})[it]?.target, name)).toBeUndefined();
    }
    await countdown(placements(page, "bed").sidebar);
    await picture(page, "fault-names");
    await assertOctoPrintWorks(page);
    assertComplaints(page, 0);
});

const REASONS = { trap: /unreachable/, panic: /panicked at / };

for (const [method, end] of [
    ["ingest", "trap"],
    ["ingest", "panic"],
    ["snapshot", "trap"],
    ["snapshot", "panic"],
    ["graph", "trap"],
]) {
    test(`a ${end} in the countdown, by ${method}, ends it in words`, async ({
        open,
    }) => {
        const page = await open({ prepare: (page) => loadBreakable(page) });
        await countdown(placements(page, "bed").inline);
        assertComplaints(page, 0);
        await breakDown(page, method, end);
        await assertFailed(page, REASONS[end]);
        expect(await callsAfterBreakdown(page)).toBe(0);
        await callOnce(page);
        expect(await callsAfterBreakdown(page), "calls are counted").toBe(1);
        // That call was to be loud, if anything.
        page.faults.length = 0;
        await picture(page, `fault-${method}-${end}`);
    });
}

for (const [method, end] of [
    ["new", "trap"],
    ["configure", "trap"],
    ["equip", "panic"],
]) {
    test(`a ${end} at the start, by ${method}, is told in words`, async ({ open }) => {
        const prepare = (page) => loadBreakable(page, [method, end]);
        const page = await open({ prepare });
        await assertFailed(page, REASONS[end]);
        expect(await callsAfterBreakdown(page)).toBe(0);
    });
}
