// A calculation that cannot be loaded: the page says why, and OctoPrint never suffers.
import { gzipSync } from "node:zlib";
import { shippedCore } from "./breakable.mjs";
import { countdown, openBrowser, openPage, placements } from "./browser.mjs";
import { test as base, expect } from "./fixtures.mjs";
import {
    assertComplaints,
    assertFailed,
    assertOctoPrintWorks,
    slowBed,
} from "./health.mjs";
import { picture } from "./looks.mjs";
import { startProxy } from "./proxy.mjs";

const CORE = "**/temp_eta/static/built/*.wasm.gz";
const PAGE = "**/temp_eta/static/built/page-*.js";
const SHARED = "**/temp_eta/static/built/shared-*.js";

/** All that OctoPrint itself needs; its page evaluates the bindings in its templates. */
const STRICT =
    "default-src 'self'; connect-src 'self' ws:; img-src 'self' data: blob:; " +
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'";

const test = base.extend({
    /** Opens the page behind a proxy with these options. */
    openBehind: async ({ octoprint, open }, use) => {
        const proxies = [];
        await use(async (options, prepare) => {
            proxies.push(await startProxy(octoprint.url, "/octo/", options));
            return open({ prepare }, proxies.at(-1).url);
        });
        for (const proxy of proxies) await proxy.stop();
    },
});

// The worker of that plugin would be a fault of its own where a policy of types is in force.
test.use({ octoprintOptions: slowBed({ _disabled: ["gcodeviewer"] }) });

const script = (body) => ({ contentType: "text/javascript", body });
const wasm = (body) => ({ contentType: "application/wasm", body });

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
    "has scripts that are no JavaScript": [SHARED, script("import ("), /end of input/],
};
for (const [what, [files, answer, reason]] of Object.entries(unloadable)) {
    test(`a calculation that ${what} is said to be unavailable`, async ({
        octoprint,
        open,
    }) => {
        const prepare = (page) => page.route(files, (route) => route.fulfill(answer));
        const page = await open({ prepare });
        await assertFailed(page, octoprint, reason);
        await picture(page, `fault-${what.replaceAll(" ", "-")}`);
    });
}

test("a connection that breaks while the calculation is loaded is told in words", async ({
    octoprint,
    openBehind,
}) => {
    const lengths = (path) => (/wasm\.gz$/.test(path) ? 20_000 : null);
    const page = await openBehind({ lengths });
    await assertFailed(page, octoprint, /\((Failed to fetch|network error)\)/);
    await picture(page, "fault-broken-connection");
});

for (const type of ["text/plain", "text/html", ""]) {
    test(`a calculation with the MIME type "${type}" does all the same`, async ({
        octoprint,
        open,
    }) => {
        const prepare = (page) =>
            page.route(CORE, async (route) => {
                const response = await route.fetch();
                const body = await response.body();
                const headers = { ...response.headers(), "content-type": type };
                delete headers["content-encoding"];
                await route.fulfill({ headers, body });
            });
        const page = await open({ prepare });
        await countdown(placements(page, "bed").inline);
        await assertOctoPrintWorks(page, octoprint);
        assertComplaints(page, 0);
    });
}

test("the strictest policy that OctoPrint bears is enough", async ({
    octoprint,
    openBehind,
}) => {
    const headers = { "content-security-policy": `${STRICT} 'unsafe-eval'` };
    const page = await openBehind({ headers });
    await countdown(placements(page, "bed").inline);
    await assertOctoPrintWorks(page, octoprint);
    assertComplaints(page, 0);
});

test("a policy that forbids wasm is named", async ({ octoprint, openBehind }) => {
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
    const page = await openBehind(
        { headers: { "content-security-policy": policy } },
        prepare,
    );
    await assertFailed(page, octoprint, /Content Security Policy/i);
    await picture(page, "fault-policy");
});

test("a browser without wasm is told so", async ({ octoprint }) => {
    const without = await openBrowser({ flags: ["--js-flags=--jitless"] });
    const page = await openPage(without, octoprint.url);
    expect(await page.evaluate(() => typeof WebAssembly)).toBe("undefined");
    await assertFailed(page, octoprint, /WebAssembly/);
    await picture(page, "fault-no-wasm");
    await without.close();
});
