/**
 * The page's colors in the form a canvas needs.
 *
 * @typedef {ReturnType<typeof colorsOf>} Colors
 */

/** @param {HTMLElement} element */
export function colorsOf(element) {
    // A custom property may be any expression; the browser resolves it for a color.
    const probe = document.createElement("i");
    element.append(probe);
    const color = (/** @type {string} */ name) => {
        probe.style.color = `var(--try-${name})`;
        return getComputedStyle(probe).color;
    };
    const colors = {
        ink: color("ink"),
        faint: color("faint"),
        rule: color("rule"),
        linear: color("linear"),
        exponential: color("exponential"),
        adaptive: color("adaptive"),
    };
    probe.remove();
    return colors;
}

/**
 * Calls back when the site changes between light and dark.
 *
 * @param {() => void} onChange
 */
export function onColorScheme(onChange) {
    const observer = new MutationObserver(onChange);
    const attributeFilter = ["data-md-color-scheme"];
    for (const element of [document.documentElement, document.body]) {
        observer.observe(element, { attributes: true, attributeFilter });
    }
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", onChange);
}
