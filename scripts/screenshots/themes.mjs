import { fileURLToPath } from "node:url";

const style = (name) => fileURLToPath(new URL(`${name}.css`, import.meta.url));

/** Applies the colors of a dark theme. */
export async function darken(page) {
    await page.addStyleTag({ path: style("dark") });
    // Themes have color transitions.
    await page.waitForTimeout(500);
}

/** Makes the page as wide as its window, like a theme for phones. */
export async function narrow(page, width, height = 900) {
    await page.addStyleTag({ path: style("narrow") });
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(500);
}
