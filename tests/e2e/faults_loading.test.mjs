// A wasm module that cannot be loaded: the page says why, and OctoPrint keeps working.
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { browserFlags } from "../../scripts/setup/programs.mjs";
import { shippedCore } from "./breakable.mjs";
import { countdown, openPage, placements } from "./browser.mjs";
import { expect, ONLY_IN_ALL, test } from "./fixtures.mjs";
import { assertConsole, assertFailed, assertOctoPrintWorks, slowBed } from "./health.mjs";
import { picture } from "./visual_checks.mjs";

const CORE = "**/temp_eta/static/built/*.wasm.gz";
const APP = "**/temp_eta/static/built/app-*.js";
const SHARED = "**/temp_eta/static/built/shared-*.js";

/** A Content Security Policy for OctoPrint's own files, and `more` for scripts. */
const strict = (more) => ({
    headers: {
        "content-security-policy":
            "default-src 'self'; connect-src 'self' ws:; img-src 'self' data: blob:; " +
            `style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' ${more}`,
    },
});

// That plugin's worker violates the policy of trusted types.
test.use({ octoprintOptions: slowBed({ _disabled: ["gcodeviewer"] }) });

const script = (body) => ({ contentType: "text/javascript", body });
const wasm = (body) => ({ contentType: "application/wasm", body });

const unloadable = {
    "is missing": [CORE, { status: 404 }, /\/temp_eta-\w+\.wasm\.gz: 404/, {}],
    "has missing scripts": [APP, { status: 404 }, /app-\w+\.js/, {}],
    "is not wasm": [
        ...[CORE, { contentType: "text/html", body: "<html>Log in</html>" }],
        ...[/expected magic word/, ONLY_IN_ALL],
    ],
    "is empty": [CORE, wasm(""), /WebAssembly/, ONLY_IN_ALL],
    "is truncated": [
        ...[CORE, wasm(shippedCore().subarray(0, 60_000))],
        ...[/WebAssembly/, ONLY_IN_ALL],
    ],
    "is truncated while packed": [
        ...[CORE, wasm(gzipSync(shippedCore()).subarray(0, 30_000))],
        ...[/Failed to fetch|network error|decod/i, ONLY_IN_ALL],
    ],
    "has scripts with the wrong MIME type": [
        ...[SHARED, { contentType: "text/plain", body: "export {}" }],
        ...[/app-\w+\.js/, ONLY_IN_ALL],
    ],
    "has scripts that are not JavaScript": [
        ...[SHARED, script("import (")],
        ...[/end of input/, ONLY_IN_ALL],
    ],
};
for (const [what, [files, answer, reason, details]] of Object.entries(unloadable)) {
    const title = `a module that ${what} is reported as unavailable`;
    test(title, details, async ({ open }) => {
        const prepare = (page) => page.route(files, (route) => route.fulfill(answer));
        const page = await open({ prepare });
        await assertFailed(page, reason);
        await picture(page, `fault-${what.replaceAll(" ", "-")}`);
    });
}

test(
    "a connection that breaks during loading is reported",
    ONLY_IN_ALL,
    async ({ open }) => {
        const lengths = (path) => (/wasm\.gz$/.test(path) ? 20_000 : null);
        const page = await open({ proxy: { lengths } });
        await assertFailed(page, /\((Failed to fetch|network error)\)/);
        await picture(page, "fault-broken-connection");
    },
);

async function countsDown(page) {
    await countdown(placements(page, "bed").inline);
    await assertOctoPrintWorks(page);
    assertConsole(page, 0);
}

for (const type of ["text/plain", "text/html", ""]) {
    const details = type ? ONLY_IN_ALL : {};
    test(`a module with the MIME type "${type}" works`, details, async ({ open }) => {
        const prepare = (page) =>
            page.route(CORE, async (route) => {
                const response = await route.fetch();
                const body = await response.body();
                const headers = { ...response.headers(), "content-type": type };
                delete headers["content-encoding"];
                await route.fulfill({ headers, body });
            });
        await countsDown(await open({ prepare }));
    });
}

test("works with the strictest policy that OctoPrint supports", async ({ open }) => {
    // Knockout evaluates the bindings in templates.
    await countsDown(await open({ proxy: strict("'unsafe-eval'") }));
});

test("a policy that forbids wasm is reported", ONLY_IN_ALL, async ({ open }) => {
    // Trusted types allow Knockout's bindings, but not wasm.
    const proxy = strict("'trusted-types-eval'; require-trusted-types-for 'script'");
    const prepare = (page) =>
        page.addInitScript(() => {
            const same = (text) => text;
            window.trustedTypes.createPolicy("default", {
                createHTML: same,
                createScript: same,
                createScriptURL: same,
            });
        });
    const page = await open({ proxy, prepare });
    await assertFailed(page, /Content Security Policy/i);
    await picture(page, "fault-policy");
});

test("a browser without wasm is reported", async ({ octoprint }) => {
    const args = [...browserFlags, "--js-flags=--jitless"];
    const without = await chromium.launch({ args });
    const page = await openPage(without, octoprint);
    expect(await page.evaluate(() => typeof WebAssembly)).toBe("undefined");
    await assertFailed(page, /WebAssembly/);
    await picture(page, "fault-no-wasm");
    await without.close();
});
