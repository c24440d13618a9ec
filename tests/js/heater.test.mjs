// The templates' binding contexts, with the real Knockout.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as colors from "../../static/js/colors.js";
import * as format from "../../static/js/format.js";
import { interpolate } from "../../static/js/graph.js";
import { Heater, Printer } from "../../static/js/heater.js";
import { row, VIEW } from "./octoprint.mjs";

const SETTINGS = {
    color_mode: "status",
    color_heating: "#111111",
    color_cooling: "#222222",
    color_idle: "#333333",
    show_finish_time: true,
    show_progress_bars: true,
};

function page(settings = {}) {
    return {
        colors,
        format,
        view: ko.observable(VIEW),
        settings: ko.observable({ ...SETTINGS, ...settings }),
        now: () => new Date(2026, 0, 5, 14, 0).getTime(),
        cursor: ko.observable(null),
        valueAtCursor: () => 33.3333,
    };
}

describe("a heater", () => {
    it("follows its row", () => {
        const bed = new Heater(row({ remaining: 72 }), page());
        const shown = () => [
            bed.time(),
            bed.finish(),
            bed.directionIcon(),
            bed.hasCountdown(),
        ];
        assert.deepEqual(shown(), ["1:12", "14:01", "fas fa-arrow-up", true]);
        bed.row(row({ phase: "at_target", goal: null, progress: null }));
        assert.deepEqual(shown(), ["", "", "", false]);
        assert.equal(bed.status(), "holds 60\u00a0°C");
    });

    it("says only what has changed", () => {
        const bed = new Heater(row({ remaining: 72, actual: 30 }), page());
        const said = [];
        for (const name of ["time", "temps", "status", "hasCountdown"])
            bed[name].subscribe((value) => said.push(`${name} ${value}`));
        bed.row(row({ remaining: 71, actual: 30 }));
        assert.deepEqual(said, ["time 1:11"]);
    });

    it("no longer follows the page once it is gone", () => {
        const its = page();
        const bed = new Heater(row({}), its);
        bed.dispose();
        its.view({ ...VIEW, names: new Map([["bed", "Plate"]]) });
        assert.equal(bed.name(), "Bed");
    });

    it("has the name that the owner gives it", () => {
        const its = page();
        const bed = new Heater(row({ phase: "at_target", goal: null }), its);
        assert.equal(bed.name(), "Bed");
        its.view({ ...VIEW, names: new Map([["bed", "Plate"]]) });
        assert.equal(bed.name(), "Plate");
        assert.equal(bed.summary(), "Plate: holds 60\u00a0°C");
    });

    it("shows what is switched on in the settings", () => {
        const its = page();
        const bed = new Heater(row({ remaining: 72 }), its);
        assert.ok(bed.hasProgress());
        its.settings({ ...SETTINGS, show_progress_bars: false, show_finish_time: false });
        assert.ok(!bed.hasProgress());
        assert.equal(bed.finish(), "");
    });

    it("has an icon, whatever its name", () => {
        const icon = (heater) => new Heater(row({ heater }), page()).icon;
        assert.equal(icon("tool3"), "fas fa-fire");
        for (const name of ["W", "tool999", "constructor", "__proto__", "toString"])
            assert.equal(icon(name), "fas fa-thermometer-half", name);
    });

    it("shows the temperature at the pointer in the graph", () => {
        const its = page();
        const bed = new Heater(row({}), its);
        assert.equal(bed.readout(), "41.3\u00a0°C");
        its.cursor(1e12);
        assert.equal(bed.readout(), "33.3\u00a0°C");
        const elsewhere = new Heater(row({}), {
            ...its,
            cursor: () => 1,
            valueAtCursor: () => null,
        });
        assert.equal(elsewhere.readout(), "–");
    });
});

describe("a heater whose reading makes no sense", () => {
    const odd = { reason: "implausible", actual: 1023.75, rate: null, progress: null };

    it("is shown, and in the navigation bar only if it is on", () => {
        for (const [target, inNavbar] of [
            [60, true],
            [0, false],
        ]) {
            const bed = new Heater(row({ ...odd, phase: "idle", target }), page());
            assert.ok(bed.isActive() && bed.isImplausible());
            assert.equal(bed.isInNavbar(), inNavbar);
            assert.ok(!bed.hasCountdown() && !bed.hasProgress());
        }
    });

    it("has no temperature now, but those of before", () => {
        const its = page();
        const bed = new Heater(row({}), its);
        bed.row(row(odd));
        assert.deepEqual([bed.readout(), bed.temps(), bed.rate()], ["–", "", ""]);
        its.cursor(1e12);
        assert.equal(bed.readout(), "33.3\u00a0°C");
        its.cursor(null);
        bed.row(row({ remaining: 72 }));
        assert.deepEqual([bed.readout(), bed.time()], ["41.3\u00a0°C", "1:12"]);
    });
});

describe("the printer", () => {
    it("is empty without a row", () => {
        const printer = new Printer(page());
        assert.deepEqual(
            [printer.label(), printer.time(), printer.finish()],
            ["", "", ""],
        );
        assert.equal(printer.without(), "");
        const row = { phase: "heating", remaining: 192, reason: null, without: [] };
        printer.row(row);
        const shown = [printer.label(), printer.time(), printer.finish()];
        assert.deepEqual(shown, ["Printer ready in", "3:12", "14:03"]);
        assert.equal(printer.without(), "");
        printer.row({ ...row, without: ["chamber"] });
        assert.equal(printer.without(), "without Chamber");
    });
});

describe("colors", () => {
    it("follow the phase", () => {
        const color = (phase) => colors.progress(row({ phase }), SETTINGS);
        const phases = ["soaking", "heating", "stalled", "cooling", "at_target", "idle"];
        assert.deepEqual(phases.map(color), [
            "#111111",
            "#111111",
            "#111111",
            "#222222",
            "#333333",
            "#333333",
        ]);
    });

    it("follow the remaining time", () => {
        const bands = { ...SETTINGS, color_mode: "bands" };
        const color = (remaining) => colors.progress(row({ remaining }), bands);
        assert.deepEqual([0, 60, 61, 300, 301, null].map(color), [
            "var(--temp-eta-soon)",
            "var(--temp-eta-soon)",
            "var(--temp-eta-near)",
            "var(--temp-eta-near)",
            "var(--temp-eta-far)",
            "var(--temp-eta-far)",
        ]);
        const holding = row({ phase: "at_target", goal: null });
        assert.equal(colors.progress(holding, bands), "#333333");
    });

    it("differ for the lines of the graph", () => {
        assert.equal(colors.line("bed"), "--temp-eta-line-bed");
        assert.equal(colors.line("x; } body { display: none"), "--temp-eta-line-other");
    });
});

describe("a line of the graph", () => {
    it("is interpolated between its points, with no value outside", () => {
        const pairs = Float64Array.from([-10, 20, 0, 40, 0, 50, 4, 58]);
        const read = (seconds) => interpolate(pairs, seconds);
        assert.deepEqual([-11, -10, -5, 2, 4, 5].map(read), [null, 20, 30, 54, 58, null]);
        assert.equal(interpolate([], 0), null);
    });
    it("has no value in a gap", () => {
        const pairs = [0, 20, 2, Number.NaN, 4, 30, 6, 40];
        const read = (seconds) => interpolate(pairs, seconds);
        assert.deepEqual([0, 1, 2, 3, 4, 5].map(read), [null, null, null, null, 30, 35]);
    });
});
