import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { measured } from "../../scripts/accuracy/measure.mjs";
import { buildReplay, replay } from "../../scripts/accuracy/replay.mjs";
import { readingsOf, readTraces } from "../../scripts/accuracy/traces.mjs";
import { root } from "../../scripts/paths.mjs";
import {
    ALGORITHMS,
    choose,
    drawn,
    expect,
    position,
    scrubber,
    seek,
    shown,
    test,
} from "./page.mjs";
import { siteFolder } from "./server.mjs";

test("serves the very module of the release", () => {
    const built = join(root, "static", "built");
    const [packed] = readdirSync(built).filter((it) =>
        /^temp_eta-.*\.wasm\.gz$/.test(it),
    );
    const served = readFileSync(join(siteFolder, "try", packed.replace(/\.gz$/, "")));
    const released = gunzipSync(readFileSync(join(built, packed)));
    expect(served.equals(released)).toBe(true);
});

test("has the licences of others' work", () => {
    const text = readFileSync(join(siteFolder, "try", "THIRD-PARTY.txt"), "utf8");
    expect(text).toMatch(/wasm-bindgen/);
    expect(text).toMatch(/uPlot.*The MIT License.*Leon Sorokin/s);
});

test("plays, at the speed that is chosen, and pauses", async ({ page }) => {
    await page.clock.install({ time: 0 });
    await page.reload();
    await seek(page, 0);
    await page.clock.pauseAt(60_000);
    const [play, pause] = ["Play", "Pause"].map((name) =>
        page.getByRole("button", { name }),
    );
    const chooseSpeed = (speed) =>
        page.locator(`#try [name="try-speed"][value="${speed}"] + span`).click();

    await play.click();
    for (const speed of [1, 20]) {
        await chooseSpeed(speed);
        const from = await position(page);
        await page.clock.runFor(1000);
        const seconds = (await position(page)) - from;
        expect(seconds / speed, "seconds a second").toBeCloseTo(1, 1);
    }
    await pause.click();
    await page.clock.runFor(100);
    const still = await shown(page);
    await page.clock.runFor(1000);
    expect(await shown(page)).toEqual(still);
    await chooseSpeed(60);
    await play.click();
    await page.clock.runFor(100);
    await pause.waitFor();
    await page.clock.runFor(60_000);
    await play.waitFor();
    const end = await shown(page);
    for (const name of ["truth", ...ALGORITHMS]) expect(end[name].seconds, name).toBe(0);
    expect(end.adaptive.text).toMatch(/0:00\s*arrived/);
});

test("says the same again after going back", async ({ page }) => {
    const places = [10, 40, 70, 100, 130];
    const there = [];
    for (const place of places) there.push(await seek(page, place));
    const back = [];
    for (const place of places.toReversed()) back.unshift(await seek(page, place));
    expect(back).toEqual(there);
    expect(there[2].linear.seconds).toBeGreaterThan(0);
    expect(there[2].adaptive.seconds).toBeGreaterThan(0);
});

test("counts down as the native program does, first time and learned", async ({
    page,
}) => {
    const program = await buildReplay();
    const traces = readTraces();
    const [id, learns] = ["17cbeeae67", [false, true]];
    const printer = traces.find(({ events }) => events.some((it) => it.id === id));
    const event = printer.events.find((it) => it.id === id);
    await choose(page, id);
    for (const learned of learns) {
        await page.locator("#try [data-learned]").setChecked(learned);
        const own = learned ? printer.readings : readingsOf(event, printer.readings);
        const says = {};
        for (const algorithm of ALGORITHMS) {
            const answers = await replay(program, algorithm, own);
            says[algorithm] = answers.filter(({ heater }) => heater === event.heater);
        }
        for (const value of [20, 45, 72, 101, 125]) {
            const seen = await seek(page, value);
            const time = seen.at + event.start;
            for (const algorithm of ALGORITHMS) {
                const last = says[algorithm].findLast((it) => it.time <= time);
                const native = last.remaining - (time - last.time);
                const apart = Math.abs(seen[algorithm].seconds - native);
                expect(apart, `${algorithm} at ${time} s`).toBeLessThan(0.005);
            }
        }
        const end = await seek(page, 1000);
        for (const algorithm of ALGORITHMS) {
            const events = await measured(program, { algorithm, learns: learned }, [
                { ...printer, events: [event] },
            ]);
            const apart = Math.abs(end[algorithm].share - events[0].share);
            expect(apart, algorithm).toBeLessThan(1e-4);
        }
    }
});

test("leaves nothing in the browser's storage", async ({ page }) => {
    const kept = () =>
        page.evaluate(() => [
            Object.entries(localStorage).sort(),
            Object.entries(sessionStorage).sort(),
        ]);
    const before = await kept();
    await page.locator("#try [data-learned]").check();
    const ids = await page
        .locator("#try [data-recording] option")
        .evaluateAll((options) => options.map(({ value }) => value));
    expect(ids).toHaveLength(30);
    for (const id of ids) {
        await choose(page, id);
        const end = await seek(page, 2000);
        expect(end.adaptive.seconds, id).toBe(0);
        await expect(page.locator("#try [data-source]"), id).toContainText("printer");
    }
    expect(await kept()).toEqual(before);
    await page.reload();
    expect(await kept()).toEqual(before);
});

test("the switch says when there is nothing to learn from", async ({ page }) => {
    const learned = page.locator("#try [data-learned]");
    await learned.check();
    await choose(page, "e99c9fe378");
    await expect(learned).toBeDisabled();
    await expect(learned).not.toBeChecked();
    await page.getByText("This is the printer’s first event here").waitFor();
});

test("is used by keyboard alone", async ({ page }) => {
    await page.locator("#try [data-recording]").focus();
    const focused = () =>
        page.evaluate(() => {
            const { dataset, name } = document.activeElement;
            return name || Object.keys(dataset)[0];
        });
    const order = [await focused()];
    for (let i = 0; i < 5; i++) {
        await page.keyboard.press("Tab");
        order.push(await focused());
    }
    const expected = ["recording", "learned", "play", "try-speed", "scrubber"];
    expect(order).toEqual([...expected, "try-algorithm"]);

    await page.keyboard.press("ArrowLeft");
    const chosen = page.locator('#try [name="try-algorithm"]:checked');
    await expect(chosen).toHaveAttribute("value", "exponential");
    await page.keyboard.press("Shift+Tab");
    const from = await position(page);
    await page.keyboard.press("ArrowRight");
    const step = (await drawn(page)).at - from;
    // After playing, the position is between two steps.
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThanOrEqual(1.5);
    await page.keyboard.press("End");
    expect((await drawn(page)).adaptive.seconds).toBe(0);
    await page.keyboard.press("Home");
    expect((await drawn(page)).at).toBeLessThan(0);
    await expect(scrubber(page)).toHaveAttribute(
        "aria-valuetext",
        /since the new target/,
    );
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ArrowRight");
    const speed = page.locator('#try [name="try-speed"]:checked');
    await expect(speed).toHaveAttribute("value", "20");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();
});

test("a click on a diagram goes there", async ({ page }) => {
    const plot = page.locator('#try [data-chart="remaining"] .u-over');
    const { width } = await plot.boundingBox();
    await plot.click({ position: { x: 0.75 * width, y: 50 } });
    const { at } = await drawn(page);
    const length = Number(await scrubber(page).getAttribute("max"));
    const begin = at - Number(await scrubber(page).inputValue());
    expect(Math.abs(at - (begin + 0.75 * length))).toBeLessThan(2);
});

test.describe("a server that does not know wasm", () => {
    test.use({ types: { ".wasm": "application/octet-stream" } });

    test("will do", async ({ page }) => {
        expect((await seek(page, 60)).adaptive.seconds).toBeGreaterThan(0);
    });
});

const MISSING = {
    WebAssembly: {
        take: (page) => page.addInitScript("delete globalThis.WebAssembly"),
        words: /no WebAssembly/,
        faults: [],
    },
    "a file": {
        take: (page) => page.route("**/*.wasm", (it) => it.abort()),
        words: /could not be loaded/,
        faults: ["error: Failed to load resource: net::ERR_FAILED"],
    },
};
for (const [what, { take, words, faults }] of Object.entries(MISSING)) {
    test(`says in words that ${what} is missing`, async ({ page }) => {
        await take(page);
        await page.reload();
        await page
            .locator("#try")
            .getByRole("status")
            .filter({ hasText: words })
            .waitFor();
        await expect(page.locator("#try [data-body]")).toBeHidden();
        expect(page.faults.splice(0)).toEqual(faults);
    });
}

test("says in words that JavaScript is missing", async ({ browser, url }) => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(url);
    await page.getByText("It needs JavaScript and WebAssembly").waitFor();
    await page.context().close();
});
