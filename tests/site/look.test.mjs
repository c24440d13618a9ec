// The appearance of the page "Try it here".
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cache } from "../../scripts/paths.mjs";
import { drawn, expect, seek, test } from "./page.mjs";

const screenshots = join(cache, "screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const PHONE = { width: 360, height: 780 };

const LOOKS = {
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    phone: { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

for (const [name, options] of Object.entries(LOOKS)) {
    test.describe(name, () => {
        test.use(options);

        test("fits, and has no serious fault", async ({ page }) => {
            await seek(page, 62);
            const overflow = await page.evaluate(
                () =>
                    document.documentElement.scrollWidth -
                    document.documentElement.clientWidth,
            );
            expect(overflow, "px too wide").toBeLessThanOrEqual(0);
            mkdirSync(screenshots, { recursive: true });
            const file = join(screenshots, `try-${name}.png`);
            await page.screenshot({ path: file, fullPage: name === "phone" });
            expect(await graveFaults(page)).toEqual([]);
        });
    });
}

test("follows the site's switch between light and dark", async ({ page }) => {
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
    await drawn(page);
    expect(await ink()).toBeGreaterThan(light + 50);
});

/** Serious and critical findings of axe-core. */
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
