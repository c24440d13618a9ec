// The list of heaters in the settings.
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { HeaterList } from "../../static/js/heater_list.js";
import * as names from "../../static/js/names.js";
import { VIEW } from "./octoprint.mjs";

const PROFILE = { id: "", tools: 2, bed: true, chamber: false };
const REPORTED = [
    { heater: "tool0", hadTarget: true },
    { heater: "chamber", hadTarget: false },
    { heater: "W", hadTarget: false },
    { heater: "rpi", hadTarget: false },
    { heater: "z dryer", hadTarget: true },
];
const DRYER = { heater: "dryer", counted: true, name: "" };

mock.timers.enable({ apis: ["setInterval"] });

describe("the list of heaters", () => {
    let stored;
    let profile;
    let reported;
    let list;

    beforeEach(() => {
        stored = ko.observableArray([]);
        profile = ko.observable(PROFILE);
        reported = [];
        list = new HeaterList(stored, {
            profile,
            reported: () => reported,
            view: () => ({ ...VIEW, tools: profile()?.tools }),
            names,
            icon: (heater) => `icon of ${heater}`,
        });
    });

    const ids = () => list.rows().map((row) => row.heater);
    const row = (heater) => list.rows().find((it) => it.heater === heater);

    it("has the heaters of the profile, as OctoPrint lists them", () => {
        assert.deepEqual(ids(), ["tool0", "tool1", "bed"]);
        assert.deepEqual(
            list.rows().map((it) => [it.defaultName(), it.counted(), it.name()]),
            [
                ["Tool 0", true, ""],
                ["Tool 1", true, ""],
                ["Bed", true, ""],
            ],
        );
        profile({ ...PROFILE, tools: 1, chamber: true });
        assert.deepEqual(ids(), ["tool0", "bed", "chamber"]);
        profile(null);
        assert.deepEqual(ids(), []);
    });

    it("fills with what is reported while it is visible: heaters before sensors", () => {
        list.follow(true);
        assert.equal(list.isComplete(), false);
        const before = list.rows();
        reported = REPORTED;
        mock.timers.tick(1000);
        assert.equal(list.isComplete(), true);
        const others = ["chamber", "z dryer", "rpi", "W"];
        assert.deepEqual(ids(), ["tool0", "tool1", "bed", ...others]);
        assert.deepEqual(list.rows().slice(0, 3), before, "the same rows");
        assert.deepEqual(
            others.map((it) => [row(it).counted(), row(it).note()]),
            [
                [false, "not in the printer profile"],
                [false, ""],
                [false, "sensor"],
                [false, "sensor"],
            ],
        );
        list.follow(false);
        reported = [];
        mock.timers.tick(5000);
        assert.equal(list.isComplete(), true);
    });

    it("keeps what was said about heaters that are not reported", () => {
        stored([DRYER]);
        assert.deepEqual(ids(), ["tool0", "tool1", "bed", "dryer"]);
        assert.deepEqual(
            [row("dryer").counted(), row("dryer").note()],
            [true, "not reported"],
        );
    });

    it("stores what differs from the default, and nothing else", () => {
        row("tool1").counted(false);
        row("bed").name("  Plate ");
        const tool1 = { heater: "tool1", counted: false, name: "" };
        const bed = { heater: "bed", counted: true, name: "Plate" };
        assert.deepEqual(stored(), [tool1, bed]);
        row("tool1").name("Left");
        assert.deepEqual(stored(), [{ ...tool1, name: "Left" }, bed]);
        row("tool1").counted(true);
        row("tool1").name(" ");
        row("bed").name("");
        assert.deepEqual(stored(), []);
    });

    it("counts a sensor only if the owner says so", () => {
        reported = REPORTED;
        list.follow(true);
        row("rpi").counted(true);
        assert.deepEqual(stored(), [{ heater: "rpi", counted: true, name: "" }]);
        row("rpi").counted(false);
        assert.deepEqual(stored(), []);
        row("rpi").name("Raspberry");
        const named = { heater: "rpi", counted: false, name: "Raspberry" };
        assert.deepEqual(stored(), [named]);
    });

    it("follows the settings that the server sends", () => {
        const fromServer = (entry) =>
            Object.fromEntries(
                Object.entries(entry).map(([key, value]) => [key, ko.observable(value)]),
            );
        stored([DRYER, { heater: "bed", counted: false, name: "Plate" }].map(fromServer));
        assert.deepEqual([row("bed").counted(), row("bed").name()], [false, "Plate"]);
        row("bed").counted(true);
        assert.deepEqual(stored(), [
            DRYER,
            { heater: "bed", counted: true, name: "Plate" },
        ]);
        stored([]);
        assert.deepEqual([row("bed").counted(), row("bed").name()], [true, ""]);
    });
});
