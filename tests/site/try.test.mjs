// The page "Try it here" of the built site, in a browser, below a sub-path of any web server.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { measured } from "../../scripts/accuracy/measure.mjs";
import { buildReplay, replay } from "../../scripts/accuracy/replay.mjs";
import { readingsOf, readTraces } from "../../scripts/accuracy/traces.mjs";
import { cache, root } from "../../scripts/paths.mjs";
import { openBrowser } from "../e2e/browser.mjs";
import { serve, siteFolder } from "./server.mjs";

const ALGORITHMS = ["linear", "exponential", "adaptive"];
const screenshots = join(cache, "screenshots");

const WIDE = { width: 1280, height: 1250 };
const PHONE = { width: 360, height: 780 };

let browser;
let server;

before(async () => {
    server = await serve(siteFolder);
    browser = await openBrowser();
    mkdirSync(screenshots, { recursive: true });
});

after(async () => {
    await browser?.close();
    await server?.close();
});

/** The page, ready; it may neither complain nor ask anybody else for anything. */
async function open(t, { url = server.url, ready = true, prepare, ...options } = {}) {
    const page = await browser.newPage({ viewport: WIDE, ...options });
    const faults = [];
    page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
        const bad = ["error", "warning"].includes(message.type());
        if (bad) faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on("request", (request) => {
        const own = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
        if (!own) faults.push(`asks ${request.url()}`);
    });
    t.after(() => page.close());
    await prepare?.(page);
    await page.goto(`${url}try/`);
    if (ready) await page.locator("#try [data-play]").waitFor();
    return { page, faults };
}

const scrubber = (page) => page.locator("#try [data-scrubber]");

/** Seconds since the new target. */
const position = (page) =>
    page.locator("#try [data-position]").evaluate(({ value }) => Number(value));

/** Goes to a position of the slider and tells all that is shown there. */
async function seek(page, value) {
    await scrubber(page).fill(String(value));
    return shown(page);
}

/** After the next frame: what is moved is drawn then. */
async function shown(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    return page.evaluate(() => {
        const cards = [...document.querySelectorAll("#try [data-card]")];
        return {
            at: Number(document.querySelector("#try [data-position]").value),
            ...Object.fromEntries(
                cards.map((card) => {
                    const [time, error] = card.querySelectorAll("data");
                    const seconds = time.value ? Number(time.value) : null;
                    const share = error ? Number(error.value) : null;
                    return [
                        card.dataset.card,
                        { seconds, text: card.textContent, share },
                    ];
                }),
            ),
        };
    });
}

test("serves the very module of the release", () => {
    const built = join(root, "static", "built");
    const [packed] = readdirSync(built).filter((it) =>
        /^temp_eta-.*\.wasm\.gz$/.test(it),
    );
    const served = readFileSync(join(siteFolder, "try", packed.replace(/\.gz$/, "")));
    assert.ok(served.equals(gunzipSync(readFileSync(join(built, packed)))));
});

test("plays, at the speed that is chosen, and pauses", async (t) => {
    const { page, faults } = await open(t);
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
    assert.ok(fast > 4 * slow, `${slow}, ${fast}`);
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
    const { page, faults } = await open(t);
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
    const { page, faults } = await open(t);
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
    const { page } = await open(t);
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
    const { page } = await open(t);
    const learned = page.locator("#try [data-learned]");
    await learned.check();
    await page.locator("#try [data-recording]").selectOption("e99c9fe378");
    assert.ok(await learned.isDisabled());
    assert.ok(!(await learned.isChecked()));
});

test("is used by keyboard alone", async (t) => {
    const { page, faults } = await open(t);
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
    const { page } = await open(t);
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
    const { page, faults } = await open(t, { url: plain.url });
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
        const { page } = await open(t, { prepare, ready: false });
        const notice = page
            .locator("#try")
            .getByRole("status")
            .filter({ hasText: words });
        await notice.waitFor();
        assert.ok(await page.locator("#try [data-body]").isHidden());
    }
    const { page } = await open(t, { javaScriptEnabled: false, ready: false });
    await page.getByText("It needs JavaScript and WebAssembly").waitFor();
});

test("is light, dark, and fits on a phone", async (t) => {
    const looks = {
        light: { colorScheme: "light" },
        dark: { colorScheme: "dark" },
        phone: { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    };
    for (const [name, options] of Object.entries(looks)) {
        const { page, faults } = await open(t, options);
        await seek(page, 62);
        const overflow = await page.evaluate(
            () =>
                document.documentElement.scrollWidth -
                document.documentElement.clientWidth,
        );
        assert.ok(overflow <= 0, `${name}: ${overflow} px too wide`);
        const file = join(screenshots, `try-${name}.png`);
        await page.screenshot({ path: file, fullPage: name === "phone" });
        assert.deepEqual(faults, [], name);
    }
});

test("follows the site's switch between light and dark", async (t) => {
    const { page } = await open(t, { colorScheme: "light" });
    const ink = () =>
        page.evaluate(() => {
            const canvas = document.querySelector('[data-chart="remaining"] canvas');
            const { data } = canvas
                .getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height);
            let sum = 0;
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] < 200) continue;
                sum += data[i] + data[i + 1] + data[i + 2];
                count++;
            }
            return sum / count;
        });
    const light = await ink();
    await page.evaluate(() => {
        document.body.setAttribute("data-md-color-scheme", "slate");
    });
    await shown(page);
    const dark = await ink();
    assert.ok(dark > light + 50, `${light}, ${dark}`);
});
