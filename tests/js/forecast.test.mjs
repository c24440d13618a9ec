import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { draw, OUTLINE_COLOR } from "../../static/js/forecast.js";

const CURVES = [{ heater: "bed", forecast: [0, 20, 10, 60] }];

const PLOT = {
    getPlotOffset: () => ({ left: 0, top: 0 }),
    width: () => 100,
    height: () => 100,
    pointOffset: ({ x, y }) => ({ left: x, top: y }),
};

/** The strokes that are drawn: color, width, and where the first two dashes begin and end. */
function strokes(how) {
    const drawn = [];
    const context = {
        save() {},
        restore() {},
        beginPath() {},
        rect() {},
        clip() {},
        lineTo() {},
        setLineDash(pattern) {
            this.pattern = pattern;
        },
        stroke() {
            const [dash, gap] = this.pattern;
            const start = -this.lineDashOffset;
            const dashes = [0, 1].map((i) => {
                const from = start + i * (dash + gap);
                return [from, from + dash];
            });
            drawn.push({ color: this.strokeStyle, width: this.lineWidth, dashes });
        },
    };
    draw(PLOT, context, CURVES, 0, () => "blue", how);
    return drawn;
}

/** The relative luminance of a color of WCAG 2, from 0 to 1; `rgb` from 0 to 255. */
function luminance(rgb) {
    const linear = (channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const [red, green, blue] = rgb.map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of the outline with what it is drawn on. */
function contrast(background) {
    const [red, green, blue, alpha] = OUTLINE_COLOR.match(/[\d.]+/g).map(Number);
    const blended = [red, green, blue].map(
        (channel, i) => alpha * channel + (1 - alpha) * background[i],
    );
    const [dark, light] = [blended, background].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}

describe("the forecast", () => {
    it("is drawn in dashes of the heater's color", () => {
        const dashes = [
            [0, 6],
            [10, 16],
        ];
        assert.deepEqual(strokes(), [{ color: "blue", width: 2, dashes }]);
    });

    it("can have an outline all around each dash, below it", () => {
        const [outline, line] = strokes({ outlined: true });
        assert.equal(outline.color, OUTLINE_COLOR);
        assert.equal(line.color, "blue");
        assert.equal(outline.width, line.width + 2);
        const around = line.dashes.map(([from, to]) => [from - 1, to + 1]);
        assert.deepEqual(outline.dashes, around);
    });

    it("has an outline that is seen on dark graphs only", () => {
        // Themeify's discorded, cyborg and nighttime.
        for (const dark of ["#36393f", "#222222", "#1e1e1e"]) {
            const rgb = [1, 3, 5].map((i) => Number.parseInt(dark.slice(i, i + 2), 16));
            assert.ok(contrast(rgb) > 4.5, `${dark}: ${contrast(rgb)}`);
        }
        assert.ok(contrast([255, 255, 255]) < 1.01);
    });
});
