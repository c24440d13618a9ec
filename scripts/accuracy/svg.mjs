import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

export const INK = "#1f2933";
export const FAINT = "#5f6c7b";

/** The colors of the runs, in their order. */
export const COLORS = ["#d95f02", "#7f79c2", "#66c2a5", "#14775a"];

const FONTS =
    "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/**
 * Writes a picture for the documentation; returns its path. It has a white background, so that it
 * is readable on a dark page.
 */
export function writeSvg(name, { width, height, title, parts }) {
    const file = join("docs", "images", name);
    const svg = [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
        `    width="${width}" height="${height}" role="img"`,
        `    font-family="${FONTS}" font-size="12.5" fill="${INK}">`,
        `<title>${title}</title>`,
        `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"`,
        `    fill="#fff" stroke="#d5dbe1"/>`,
        ...parts,
        "</svg>\n",
    ];
    writeFileSync(join(root, file), svg.join("\n"));
    return file;
}

/** A picture's title, with its legend in a row below. */
export function heading(title, keys, left) {
    const text = `<text x="${left}" y="40" font-size="19" font-weight="600">${title}</text>`;
    let x = left - 5;
    const row = keys.map(({ name, sign }) => {
        const key = `<g transform="translate(${x} 68)">${sign}<text x="27">${name}</text></g>`;
        // The approximate width of a letter; fonts differ.
        x += Math.round(48 + 6.6 * name.length);
        return key;
    });
    return [text, ...row].join("\n");
}

/** The legend of runs, each in its color. */
export function runKeys(runs) {
    return runs.map(({ title }, i) => ({
        name: title,
        sign: `<path d="M0 -4H20" stroke="${COLORS[i]}" stroke-width="2.5"/>`,
    }));
}

export const caption = `text-anchor="middle" fill="${FAINT}"`;

/** A line through points in pixels, interrupted at null. */
export function line(places, attributes) {
    let draws = false;
    const path = places.map((place) => {
        const piece = place && `${draws ? "L" : "M"}${place.map(round).join(" ")}`;
        draws = place !== null;
        return piece ?? "";
    });
    return `<path d="${path.join("")}" fill="none" stroke-linejoin="round" ${attributes}/>`;
}

/** A frame with labelled grid lines for both axes. */
export function axes({ width, height }, across, up) {
    const stroke = `stroke="#000" stroke-opacity="0.12"`;
    const lines = [
        ...across.map(({ at }) => `M${round(at)} 0v${height}`),
        ...up.map(({ at }) => `M0 ${round(at)}h${width}`),
    ];
    const below = ({ at, text }) =>
        `<text x="${round(at)}" y="${height + 18}" text-anchor="middle">${text}</text>`;
    const beside = ({ at, text }) =>
        `<text x="-8" y="${round(at + 4.5)}" text-anchor="end">${text}</text>`;
    return [
        `<path d="${lines.join("")}" ${stroke}/>`,
        `<rect width="${width}" height="${height}" fill="none" stroke="${FAINT}"/>`,
        ...across.filter(({ text }) => text).map(below),
        ...up.map(beside),
    ].join("\n");
}

export function round(pixels) {
    return Math.round(10 * pixels) / 10;
}
