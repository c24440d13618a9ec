import { fileURLToPath } from "node:url";

const style = (name) => fileURLToPath(new URL(`${name}.css`, import.meta.url));

/** The page in the colours of a dark theme. */
export async function darken(page) {
    await page.addStyleTag({ path: style("dark") });
    // Themes fade from one colour to the other.
    await page.waitForTimeout(500);
}

/** The page as wide as its window, as a theme for phones makes it. */
export async function narrow(page, width) {
    await page.addStyleTag({ path: style("narrow") });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(500);
}
