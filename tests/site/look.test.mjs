// How the page "Try it here" looks.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cache } from "../../scripts/paths.mjs";
import { seek, shown, visit } from "./page.mjs";

const screenshots = join(cache, "screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const PHONE = { width: 360, height: 780 };

let site;
before(async () => {
    mkdirSync(screenshots, { recursive: true });
    site = await visit();
});
after(() => site?.close());

test("is light, dark, and fits on a phone", async (t) => {
    const looks = {
        light: { colorScheme: "light" },
        dark: { colorScheme: "dark" },
        phone: { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    };
    for (const [name, options] of Object.entries(looks)) {
        const { page, faults } = await site.open(t, options);
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
        assert.deepEqual(await graveFaults(page), [], name);
    }
});

test("follows the site's switch between light and dark", async (t) => {
    const { page } = await site.open(t, { colorScheme: "light" });
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

/** What axe-core finds that is serious. */
async function graveFaults(page) {
    await page.addScriptTag({ content: axe });
    const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run({ include: ["#try"] });
        return violations.map(({ id, impact, nodes }) => ({
            id,
            impact,
            nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
        }));
    });
    return found.filter(({ impact }) => ["serious", "critical"].includes(impact));
}
