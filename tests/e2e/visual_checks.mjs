// Screenshots, and automatic checks of appearance, accessibility and sound.
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { cache } from "../../scripts/paths.mjs";

const pictures = join(cache, "screenshots");
const axe = createRequire(import.meta.url).resolve("axe-core");

/** All parts of the page that are ours. */
const OURS = [
    "#navbar_plugin_temp_eta",
    "#sidebar_plugin_temp_eta",
    "#tab_plugin_temp_eta",
    "#settings_plugin_temp_eta",
    "#temp_eta_page",
    ".temp-eta-inline",
];

/** Waits until nothing is animated any more. */
export const still = (page) =>
    page.waitForFunction(() => {
        // Except for endless animations and the progress of a job.
        const moves = ({ effect, playState }) =>
            playState === "running" &&
            effect.getComputedTiming().endTime < Infinity &&
            !effect.target.closest(".progress");
        return !window.jQuery?.timers.length && !document.getAnimations().some(moves);
    });

/**
 * Saves a screenshot of the whole page in .cache/screenshots, once nothing is animated. Those of
 * other engines begin with the project's name.
 */
export async function picture(page, name) {
    await still(page);
    const { name: project } = test.info().project;
    const file = project.startsWith("e2e-") ? `${project}-${name}` : name;
    await page.screenshot({ path: join(pictures, `${file}.png`), fullPage: true });
}

/** Records the tones that the page plays, the toasts that it shows and its claims to a sound. */
export const listen = (page) =>
    page.addInitScript(() => {
        window.heard = 0;
        window.toasts = [];
        window.claims = [];
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (key, value) {
            if (/\/sounded\//.test(key)) window.claims.push([Date.now(), key, value]);
            return setItem.call(this, key, value);
        };
        const { start } = OscillatorNode.prototype;
        OscillatorNode.prototype.start = function (...args) {
            window.heard++;
            return start.apply(this, args);
        };
        new MutationObserver((changes) => {
            for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
                const text = node.querySelector?.(".ui-pnotify-text")?.textContent;
                if (text) window.toasts.push(text);
            }
        }).observe(document, { childList: true, subtree: true });
    });

/** The number of tones that the page has played, the texts of its toasts, and its claims. */
export const heard = (page) =>
    page.evaluate(() => ({
        tones: window.heard,
        toasts: window.toasts,
        claims: window.claims,
    }));

/**
 * The number of the forecast's pixels in the visible graph: those right of the present.
 *
 * @param {"colored" | "light"} kind
 */
export const forecastPixels = (page, kind = "colored") =>
    page.evaluate((kind) => {
        const plot = $("#temperature-graph:visible").length
            ? window.OctoPrint.coreui.viewmodels.temperatureViewModel.plot
            : $("#temp_eta_graph").data("plot");
        const canvas = plot.getCanvas();
        const scale = canvas.width / plot.getPlaceholder().width();
        const { left, top } = plot.getPlotOffset();
        const now = plot.getXAxes()[0].p2c(Date.now()) + left + 3;
        const width = left + plot.width() - now - 3;
        if (width < 5) return 0;
        const area = [now, top + 3, width, plot.height() - 6];
        const { data } = canvas
            .getContext("2d")
            .getImageData(...area.map((px) => px * scale));
        const isCounted = {
            colored: (rgb, alpha) =>
                alpha > 200 && Math.max(...rgb) - Math.min(...rgb) > 90,
            light: (rgb, alpha) => alpha > 120 && Math.min(...rgb) > 220,
        }[kind];
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
            if (isCounted(data.slice(i, i + 3), data[i + 3])) count++;
        }
        return count;
    }, kind);

/** Fails if axe-core finds serious problems in our parts of the page. */
export async function assertAccessible(page) {
    if (!(await page.evaluate(() => "axe" in window))) {
        await page.addScriptTag({ path: axe });
    }
    const found = await page.evaluate(async (selectors) => {
        const include = selectors.filter((it) => document.querySelector(it));
        const { violations } = await window.axe.run({ include });
        return violations.map(({ id, impact, nodes }) => ({
            id,
            impact,
            nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
        }));
    }, OURS);
    const serious = found.filter(({ impact }) =>
        ["serious", "critical"].includes(impact),
    );
    expect(serious).toEqual([]);
}

/** Fails if an element extends beyond its part of the page. */
export async function assertNothingCut(page) {
    const cut = await page.evaluate((selectors) => {
        const { clientWidth } = document.documentElement;
        const overflows = (element, part) => {
            const [box, edge] = [element, part].map((it) => it.getBoundingClientRect());
            const isShown = box.width > 0 && edge.width > 0;
            const right = Math.min(edge.right, clientWidth) + 1;
            const isOut = box.right > right || box.left < edge.left - 1;
            return isShown && isOut && !element.closest(".temp-eta-sr-only");
        };
        return [...document.querySelectorAll(selectors.join())].flatMap((part) =>
            [...part.querySelectorAll("*")]
                .filter((element) => overflows(element, part))
                .map((element) => `${part.id}: ${element.outerHTML.slice(0, 120)}`),
        );
    }, OURS);
    expect(cut).toEqual([]);
}

/** Takes a screenshot and runs all checks above. */
export async function assertLooksRight(page, name) {
    await picture(page, name);
    await assertAccessible(page);
    await assertNothingCut(page);
}
