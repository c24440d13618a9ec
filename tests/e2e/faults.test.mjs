// What can go wrong with the page: it says so or recovers, and OctoPrint never suffers.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import {
    breakDown,
    callOnce,
    callsAfterBreakdown,
    loadBreakable,
    shippedCore,
} from "./breakable.mjs";
import {
    assertSame,
    countdown,
    openBrowser,
    openPage,
    openSettings,
    placements,
    until,
} from "./browser.mjs";
import { assertComplaints, assertOctoPrintWorks, OFFLINE } from "./health.mjs";
import { listen, picture } from "./looks.mjs";
import { rewriteMessages } from "./messages.mjs";
import { startProxy } from "./proxy.mjs";

const CORE = "**/temp_eta/static/built/*.wasm.gz";
const PAGE = "**/temp_eta/static/built/page-*.js";
const SHARED = "**/temp_eta/static/built/shared-*.js";

/** All that OctoPrint itself needs; its page evaluates the bindings in its templates. */
const STRICT =
    "default-src 'self'; connect-src 'self' ws:; img-src 'self' data: blob:; " +
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'";

/** A heat-up that is counted down for longer than all of this takes, however slow it gets. */
const SLOW = { heat: { bed: 115 }, timeScale: 0.5 };
const EVER = { temp_eta: { min_rate: 0.01, historical_graph_window_seconds: 1800 } };

/** In ms; so long readings count. */
const A_MINUTE = 60_000;

const script = (body) => ({ contentType: "text/javascript", body });
const wasm = (body) => ({ contentType: "application/wasm", body });

describe("a fault of the page", { timeout: 900_000 }, () => {
    let octoprint;
    let browser;

    before(async () => {
        const basedir = join(cache, "e2e-faults");
        octoprint = await startOctoPrint({
            basedir,
            ...SLOW,
            // Its worker would be a fault of its own where a policy of types is in force.
            config: { plugins: { _disabled: ["gcodeviewer"], ...EVER } },
        });
        browser = await openBrowser();
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    /** The page says that it cannot go on, and why; OctoPrint goes on, and all is quiet. */
    async function assertFailed(page, reason) {
        const failure = page.locator("#sidebar_plugin_temp_eta .temp-eta-failure");
        await failure.waitFor();
        const text = (await failure.textContent()).trim();
        assert.match(text, /^ETA unavailable: /);
        assert.match(text, reason);
        const shown = page.locator(
            ".temp-eta-heater, .temp-eta-printer, .temp-eta-quiet, .temp-eta-aside:visible",
        );
        assert.equal(await shown.count(), 0);
        await assertOctoPrintWorks(page, octoprint);
        assertComplaints(page, 1);
        assert.equal((await failure.textContent()).trim(), text);
        const tab = page.locator("#tab_plugin_temp_eta .temp-eta-failure");
        assert.equal((await tab.textContent()).trim(), text);
    }

    const unloadable = {
        "is not there": [CORE, { status: 404 }, /\/temp_eta-\w+\.wasm\.gz: 404/],
        "is empty": [CORE, wasm(""), /WebAssembly/],
        "is no wasm": [
            CORE,
            { contentType: "text/html", body: "<html>Log in</html>" },
            /expected magic word/,
        ],
        "is cut short": [CORE, wasm(shippedCore().subarray(0, 60_000)), /WebAssembly/],
        "is cut short in its packing": [
            CORE,
            wasm(gzipSync(shippedCore()).subarray(0, 30_000)),
            /Failed to fetch|network error|decod/i,
        ],
        "has scripts that are not there": [PAGE, { status: 404 }, /page-\w+\.js/],
        "has scripts with the wrong MIME type": [
            SHARED,
            { contentType: "text/plain", body: "export {}" },
            /page-\w+\.js/,
        ],
        "has scripts that are no JavaScript": [
            SHARED,
            script("import ("),
            /end of input/,
        ],
    };
    for (const [what, [files, answer, reason]] of Object.entries(unloadable)) {
        it(`a calculation that ${what} is said to be unavailable`, async () => {
            const prepare = (page) => page.route(files, (route) => route.fulfill(answer));
            const page = await openPage(browser, octoprint.url, { prepare });
            await assertFailed(page, reason);
            await picture(page, `fault-${what.replaceAll(" ", "-")}`);
            await page.close();
        });
    }

    it("a connection that breaks while the calculation is loaded is told in words", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/", {
            lengths: (path) => (/wasm\.gz$/.test(path) ? 20_000 : null),
        });
        try {
            const page = await openPage(browser, proxy.url);
            await assertFailed(page, /\((Failed to fetch|network error)\)/);
            await picture(page, "fault-broken-connection");
            await page.close();
        } finally {
            await proxy.stop();
        }
    });

    it("a calculation with the wrong MIME type does all the same", async () => {
        for (const type of ["text/plain", "text/html", ""]) {
            const prepare = (page) =>
                page.route(CORE, async (route) => {
                    const response = await route.fetch();
                    const body = await response.body();
                    const headers = { ...response.headers(), "content-type": type };
                    delete headers["content-encoding"];
                    await route.fulfill({ headers, body });
                });
            const page = await openPage(browser, octoprint.url, { prepare });
            await countdown(placements(page, "bed").inline);
            await assertOctoPrintWorks(page, octoprint);
            assertComplaints(page, 0);
            await page.close();
        }
    });

    const behindPolicy = async (policy, action, prepare) => {
        const headers = { "content-security-policy": policy };
        const proxy = await startProxy(octoprint.url, "/octo/", { headers });
        try {
            await action(await openPage(browser, proxy.url, { prepare }));
        } finally {
            await proxy.stop();
        }
    };

    it("the strictest policy that OctoPrint bears is enough", () =>
        behindPolicy(`${STRICT} 'unsafe-eval'`, async (page) => {
            await countdown(placements(page, "bed").inline);
            await assertOctoPrintWorks(page, octoprint);
            assertComplaints(page, 0);
            await page.close();
        }));

    it("a policy that forbids wasm is named", () => {
        // OctoPrint may evaluate its bindings as long as a policy of types lets it.
        const policy = `${STRICT} 'trusted-types-eval'; require-trusted-types-for 'script'`;
        const prepare = (page) =>
            page.addInitScript(() => {
                const same = (text) => text;
                window.trustedTypes.createPolicy("default", {
                    createHTML: same,
                    createScript: same,
                    createScriptURL: same,
                });
            });
        return behindPolicy(
            policy,
            async (page) => {
                await assertFailed(page, /Content Security Policy/i);
                await picture(page, "fault-policy");
                await page.close();
            },
            prepare,
        );
    });

    it("heaters that are called as what every object has are heaters", async () => {
        const prepare = (page) => rewriteMessages(page);
        const page = await openPage(browser, octoprint.url, { prepare });
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
            assert.equal(await page.evaluate((it) => ({})[it]?.target, name), undefined);
        }
        await countdown(placements(page, "bed").sidebar);
        await picture(page, "fault-names");
        await assertOctoPrintWorks(page, octoprint);
        assertComplaints(page, 0);
        await page.close();
    });

    it("a browser without wasm is told so", async () => {
        const without = await openBrowser({ flags: ["--js-flags=--jitless"] });
        try {
            const page = await openPage(without, octoprint.url);
            assert.equal(await page.evaluate(() => typeof WebAssembly), "undefined");
            await assertFailed(page, /WebAssembly/);
            await picture(page, "fault-no-wasm");
            await page.close();
        } finally {
            await without.close();
        }
    });

    for (const [method, end] of [
        ["ingest", "trap"],
        ["ingest", "panic"],
        ["snapshot", "trap"],
        ["snapshot", "panic"],
        ["graph", "trap"],
    ]) {
        it(`a ${end} in the middle of the countdown, by ${method}, ends it in words`, async () => {
            const prepare = (page) => loadBreakable(page);
            const page = await openPage(browser, octoprint.url, { prepare });
            await countdown(placements(page, "bed").inline);
            assertComplaints(page, 0);
            await breakDown(page, method, end);
            await assertFailed(page, end === "panic" ? /panicked at / : /unreachable/);
            assert.equal(await callsAfterBreakdown(page), 0);
            await callOnce(page);
            assert.equal(await callsAfterBreakdown(page), 1, "calls are counted");
            await picture(page, `fault-${method}-${end}`);
            await page.close();
        });
    }

    for (const [method, end] of [
        ["new", "trap"],
        ["configure", "trap"],
        ["equip", "panic"],
    ]) {
        it(`a ${end} at the start, by ${method}, is told in words`, async () => {
            const prepare = (page) => loadBreakable(page, [method, end]);
            const page = await openPage(browser, octoprint.url, { prepare });
            await assertFailed(page, end === "panic" ? /panicked at / : /unreachable/);
            assert.equal(await callsAfterBreakdown(page), 0);
            await page.close();
        });
    }
});

describe("a fault of the connection", { timeout: 900_000 }, () => {
    const basedir = join(cache, "e2e-faults-connection");
    let octoprint;
    let browser;
    let undisturbed;

    before(async () => {
        const plugins = { ...EVER, demo_printer: { stays_warm: true } };
        octoprint = await startOctoPrint({ basedir, ...SLOW, config: { plugins } });
        browser = await openBrowser();
        undisturbed = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const oldestDrawn = (page) =>
        page.evaluate(() => {
            const [{ data }] = window.$("#temp_eta_graph").data("plot").getData();
            return data[0][0];
        });

    it("a history that is shorter after a reconnect costs nothing", async () => {
        const proxy = await startProxy(octoprint.url, "/octo/");
        try {
            const page = await openPage(browser, proxy.url, { prepare: rewriteMessages });
            const { sidebar } = placements(page, "bed");
            const other = placements(undisturbed, "bed").sidebar;
            await page.locator("#tab_plugin_temp_eta_link a").first().click();
            await assertSame(sidebar, other, { patience: 120 });
            // Of few readings each one that is missed afterwards would count for much.
            await sleep(A_MINUTE);
            const oldest = await oldestDrawn(page);
            await page.evaluate(() => {
                window.rewrite = (message) => {
                    message.history?.temps.splice(0, message.history.temps.length - 2);
                    return message;
                };
            });
            proxy.cut();
            await until("reconnect", () => page.evaluate(() => window.histories > 1));
            await assertSame(sidebar, other, { patience: 30 });
            assert.ok(Math.abs((await oldestDrawn(page)) - oldest) < 3000);
            await assertOctoPrintWorks(page, octoprint);
            assertComplaints(page, 0, OFFLINE);
            await picture(page, "fault-reconnect");
            await page.close();
        } finally {
            await proxy.stop();
        }
    });

    it("a server that is gone is told in words, and one that is back is followed", async () => {
        const { sidebar, inline } = placements(undisturbed, "bed");
        await countdown(sidebar);
        const { port, apiKey } = octoprint;
        await octoprint.stop();
        await undisturbed.locator("#offline_overlay").waitFor();
        await until(
            "words",
            async () =>
                (await sidebar.status.textContent()) === "no word from the printer",
        );
        assert.equal(await sidebar.time.textContent(), "");
        assert.equal(await inline.time.textContent(), "");
        await picture(undisturbed, "fault-server-gone");

        octoprint = await startOctoPrint({ basedir, port, apiKey, keep: true });
        await undisturbed
            .locator("#offline_overlay")
            // OctoPrint asks ever more rarely.
            .waitFor({ state: "hidden", timeout: 240_000 });
        const fresh = await openPage(browser, octoprint.url);
        const other = placements(fresh, "bed").sidebar;
        await assertSame(sidebar, other, { patience: 120 });
        await assertOctoPrintWorks(undisturbed, octoprint);
        assertComplaints(undisturbed, 0, OFFLINE);
        await picture(undisturbed, "fault-server-back");
        await fresh.close();
    });
});

describe("a fault of the browser's storage", { timeout: 400_000 }, () => {
    const LESSONS = "temp_eta/1//_default/";
    let octoprint;
    let browser;
    let undisturbed;

    before(async () => {
        const basedir = join(cache, "e2e-faults-storage");
        octoprint = await startOctoPrint({ basedir, timeScale: 4 });
        const alerts = {
            sound_enabled: true,
            sound_target_reached: true,
            notification_enabled: true,
            notification_target_reached: true,
        };
        await octoprint.api("settings", { plugins: { temp_eta: alerts } });
        browser = await openBrowser();
        undisturbed = await openPage(browser, octoprint.url);
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const faults = {
        full: () => {
            let block = "x".repeat(1 << 20);
            for (let i = 0; block; i++) {
                try {
                    localStorage.setItem(`full${i}`, block);
                } catch {
                    block = block.slice(0, block.length >> 1);
                }
            }
        },
        denied: () => {
            Object.defineProperty(window, "localStorage", {
                get() {
                    throw new DOMException("Access is denied.", "SecurityError");
                },
            });
        },
        corrupt: (lessons) => {
            localStorage.setItem(`${lessons}bed`, '{"no": "list"');
            localStorage.setItem(`${lessons}tool0`, "[1, 2, null]");
            localStorage.setItem(`${lessons}chamber`, `[${"1e999,".repeat(999)}0]`);
            const sounded = "temp_eta/sounded//bed/target_reached";
            localStorage.setItem(sounded, '{"time": "now"');
        },
    };
    const pages = {};

    before(async () => {
        for (const [name, spoil] of Object.entries(faults)) {
            const prepare = async (page) => {
                await listen(page);
                await page.addInitScript(spoil, LESSONS);
            };
            const context = await browser.newContext();
            pages[name] = await openPage(context, octoprint.url, { prepare });
        }
        await octoprint.api("printer/bed", { command: "target", target: 90 });
    });

    const bed = (page) => placements(page, "bed").sidebar;
    const stored = (page, key) =>
        page.evaluate((it) => localStorage.getItem(it), `temp_eta/${key}`);

    for (const name of Object.keys(faults)) {
        it(`that is ${name} costs no countdown`, async () => {
            await assertSame(bed(pages[name]), bed(undisturbed), { patience: 30 });
        });
    }

    for (const name of Object.keys(faults)) {
        it(`that is ${name} costs no alert, and no lesson while the page is open`, async () => {
            const page = pages[name];
            const arrived = () =>
                bed(page).row.evaluateAll(([row]) => row?.dataset.phase === "at_target");
            await until("arrival", arrived, 120_000);
            await until("sound", () => page.evaluate(() => window.heard > 0));
            await until("message", () => page.evaluate(() => window.toasts.length > 0));
            await openSettings(page, "calculation");
            const lessons = page.locator("#temp_eta_lessons");
            await until("lesson", async () =>
                /Bed: 1 heat-up/.test(await lessons.textContent()),
            );
            await picture(page, `fault-storage-${name}`);
            await page.locator("[data-test-id=settings-close-button]").click();
            await page.locator("#settings_dialog").waitFor({ state: "hidden" });
        });
    }

    it("that is full is left as it is", async () => {
        const { full } = pages;
        assert.equal(await stored(full, "1//_default/bed"), null);
        assert.match(await full.evaluate(() => localStorage.full0), /^x+$/);
    });

    it("that is corrupt has the lesson in place of what could not be read", async () => {
        const { corrupt } = pages;
        const lesson = JSON.parse(await stored(corrupt, "1//_default/bed"));
        assert.ok(lesson.every(Number.isFinite));
        assert.equal(await stored(corrupt, "1//_default/tool0"), null);
        assert.match(await stored(corrupt, "aside/1//_default/bed"), /no/);
    });

    for (const name of Object.keys(faults)) {
        it(`that is ${name} leaves OctoPrint alone`, async () => {
            const { target } = (await octoprint.api("printer")).temperature.bed;
            await octoprint.api("printer/bed", { command: "target", target: target + 8 });
            await assertOctoPrintWorks(pages[name], octoprint);
            // OctoPrint's own code says once that it is denied.
            assertComplaints(pages[name], 0, /LoginStateViewModel : Access is denied/);
        });
    }
});
