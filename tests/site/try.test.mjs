import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { measured } from "../../scripts/accuracy/measure.mjs";
import { buildReplay, replay } from "../../scripts/accuracy/replay.mjs";
import { readingsOf, readTraces } from "../../scripts/accuracy/traces.mjs";
import { root } from "../../scripts/paths.mjs";
import { ALGORITHMS, position, scrubber, seek, shown, visit } from "./page.mjs";
import { serve, siteFolder } from "./server.mjs";

let site;
before(async () => {
    site = await visit();
});
after(() => site?.close());

test("serves the very module of the release", () => {
    const built = join(root, "static", "built");
    const [packed] = readdirSync(built).filter((it) =>
        /^temp_eta-.*\.wasm\.gz$/.test(it),
    );
    const served = readFileSync(join(siteFolder, "try", packed.replace(/\.gz$/, "")));
    assert.ok(served.equals(gunzipSync(readFileSync(join(built, packed)))));
});

test("has the licences of others' work", () => {
    const text = readFileSync(join(siteFolder, "try", "THIRD-PARTY.txt"), "utf8");
    assert.match(text, /wasm-bindgen/);
    assert.match(text, /uPlot.*The MIT License.*Leon Sorokin/s);
});

test("plays, at the speed that is chosen, and pauses", async (t) => {
    const { page, faults } = await site.open(t);
    await seek(page, 0);
    const runs = async (speed) => {
        await page.locator(`#try [name="try-speed"][value="${speed}"] + span`).click();
        const from = await position(page);
        await page.waitForTimeout(600);
        return (await position(page)) - from;
    };
    await page.getByRole("button", { name: "Play" }).click();
    const slow = await runs(1);
    const fast = await runs(20);
    assert.ok(slow > 0.2 && slow < 4, `${slow}`);
    assert.ok(fast > 2 * slow, `${slow}, ${fast}`);
    await page.getByRole("button", { name: "Pause" }).click();
    const still = await shown(page);
    await page.waitForTimeout(300);
    assert.deepEqual(await shown(page), still);
    await page.locator('#try [name="try-speed"][value="60"] + span').click();
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("button", { name: "Play" }).waitFor();
    const end = await shown(page);
    for (const name of ["truth", ...ALGORITHMS]) assert.equal(end[name].seconds, 0, name);
    assert.match(end.adaptive.text, /0:00\s*arrived/);
    assert.deepEqual(faults, []);
});

test("says the same again after going back", async (t) => {
    const { page, faults } = await site.open(t);
    const places = [10, 40, 70, 100, 130];
    const there = [];
    for (const place of places) there.push(await seek(page, place));
    const back = [];
    for (const place of places.toReversed()) back.unshift(await seek(page, place));
    assert.deepEqual(back, there);
    assert.ok(there[2].linear.seconds > 0 && there[2].adaptive.seconds > 0);
    assert.deepEqual(faults, []);
});

test("counts down as the native program does, first time and learned", async (t) => {
    const program = await buildReplay();
    const traces = readTraces();
    const { page, faults } = await site.open(t);
    const [id, learns] = ["17cbeeae67", [false, true]];
    const printer = traces.find(({ events }) => events.some((it) => it.id === id));
    const event = printer.events.find((it) => it.id === id);
    await page.locator("#try [data-recording]").selectOption(id);
    for (const learned of learns) {
        await page.locator("#try [data-learned]").setChecked(learned);
        const own = learned ? printer.readings : readingsOf(event, printer.readings);
        const says = {};
        for (const algorithm of ALGORITHMS) {
            const answers = await replay(program, algorithm, own);
            says[algorithm] = answers.filter(({ heater }) => heater === event.heater);
        }
        for (const value of [20, 45, 72, 101, 125]) {
            const told = await seek(page, value);
            const time = told.at + event.start;
            for (const algorithm of ALGORITHMS) {
                const last = says[algorithm].findLast((it) => it.time <= time);
                const native = last.remaining - (time - last.time);
                const apart = Math.abs(told[algorithm].seconds - native);
                assert.ok(apart < 0.005, `${algorithm} at ${time} s: ${apart}`);
            }
        }
        const end = await seek(page, 1000);
        for (const algorithm of ALGORITHMS) {
            const events = await measured(program, { algorithm, learns: learned }, [
                { ...printer, events: [event] },
            ]);
            const apart = Math.abs(end[algorithm].share - events[0].share);
            assert.ok(apart < 1e-4, `${algorithm}: ${apart}`);
        }
    }
    assert.deepEqual(faults, []);
});

test("leaves nothing in the browser's storage", async (t) => {
    const { page } = await site.open(t);
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
    assert.equal(ids.length, 30);
    for (const id of ids) {
        await page.locator("#try [data-recording]").selectOption(id);
        const end = await seek(page, 2000);
        assert.equal(end.adaptive.seconds, 0, id);
        assert.match(await page.locator("#try [data-source]").textContent(), /printer/);
    }
    assert.deepEqual(await kept(), before);
    await page.reload();
    assert.deepEqual(await kept(), before);
});

test("the switch says when there is nothing to learn from", async (t) => {
    const { page } = await site.open(t);
    const learned = page.locator("#try [data-learned]");
    await learned.check();
    await page.locator("#try [data-recording]").selectOption("e99c9fe378");
    assert.ok(await learned.isDisabled());
    assert.ok(!(await learned.isChecked()));
    await page.getByText("This is the printer’s first event here").waitFor();
});

test("is used by keyboard alone", async (t) => {
    const { page, faults } = await site.open(t);
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
    assert.deepEqual(order, [...expected, "try-algorithm"]);

    await page.keyboard.press("ArrowLeft");
    const chosen = page.locator('#try [name="try-algorithm"]:checked');
    assert.equal(await chosen.getAttribute("value"), "exponential");
    await page.keyboard.press("Shift+Tab");
    const from = await position(page);
    await page.keyboard.press("ArrowRight");
    await shown(page);
    const step = (await position(page)) - from;
    // Played, it stands between two steps.
    assert.ok(step > 0 && step <= 1.5, `${step}`);
    await page.keyboard.press("End");
    assert.equal((await shown(page)).adaptive.seconds, 0);
    await page.keyboard.press("Home");
    assert.ok((await shown(page)).at < 0);
    const spoken = await scrubber(page).getAttribute("aria-valuetext");
    assert.match(spoken, /since the new target/);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ArrowRight");
    const speed = page.locator('#try [name="try-speed"]:checked');
    assert.equal(await speed.getAttribute("value"), "20");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();
    assert.deepEqual(faults, []);
});

test("a click on a diagram goes there", async (t) => {
    const { page } = await site.open(t);
    const plot = page.locator('#try [data-chart="remaining"] .u-over');
    const { width } = await plot.boundingBox();
    await plot.click({ position: { x: 0.75 * width, y: 50 } });
    const { at } = await shown(page);
    const length = Number(await scrubber(page).getAttribute("max"));
    const begin = at - Number(await scrubber(page).inputValue());
    assert.ok(Math.abs(at - (begin + 0.75 * length)) < 2, `${at}`);
});

test("a server that does not know wasm will do", async (t) => {
    const plain = await serve(siteFolder, { ".wasm": "application/octet-stream" });
    t.after(() => plain.close());
    const { page, faults } = await site.open(t, { url: plain.url });
    assert.ok((await seek(page, 60)).adaptive.seconds > 0);
    assert.deepEqual(faults, []);
});

test("says in words what is missing", async (t) => {
    const without = {
        wasm: [
            (page) => page.addInitScript("delete globalThis.WebAssembly"),
            /no WebAssembly/,
        ],
        file: [
            (page) => page.route("**/*.wasm", (it) => it.abort()),
            /could not be loaded/,
        ],
    };
    for (const [prepare, words] of Object.values(without)) {
        const { page } = await site.open(t, { prepare, ready: false });
        const notice = page
            .locator("#try")
            .getByRole("status")
            .filter({ hasText: words });
        await notice.waitFor();
        assert.ok(await page.locator("#try [data-body]").isHidden());
    }
    const { page } = await site.open(t, { javaScriptEnabled: false, ready: false });
    await page.getByText("It needs JavaScript and WebAssembly").waitFor();
});
