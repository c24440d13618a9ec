// Alerts of one page and of several, which share a storage and a loudspeaker.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Alerts } from "../../static/js/alerts.js";
import { Claims } from "../../static/js/claims.js";

const SETTINGS = {
    sound_enabled: true,
    sound_target_reached: true,
    sound_cooldown_finished: true,
    sound_volume: 0.4,
    sound_min_interval_s: 10,
    notification_enabled: true,
    notification_target_reached: true,
    notification_cooldown_finished: true,
    notification_timeout_s: 6,
    notification_min_interval_s: 10,
};

const reached = { heater: "bed", phase: "at_target", actual: 59, target: 60, time: 1000 };
const cooled = { heater: "bed", phase: "cooled_down", actual: 40, target: 0, time: 1000 };

function storage() {
    const values = new Map();
    return {
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => values.set(key, value),
    };
}

/** A browser's page; `shared` is the storage. */
function page(shared, { settings = {}, blocked = false, visible = true } = {}) {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10));
    const sound = { blocked, prepare: () => {}, play: mock.fn() };
    const toast = mock.fn();
    const alerts = new Alerts({
        settings: () => ({ ...SETTINGS, ...settings }),
        sound,
        claims: new Claims(() => shared(), "sounded", wait),
        toast,
        visible: () => visible,
    });
    const played = () => sound.play.mock.calls.map((call) => call.arguments);
    const toasted = () => toast.mock.calls.map((call) => call.arguments);
    return { alerts, played, toasted };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 100));

function one(options) {
    const shared = storage();
    return page(() => shared, options);
}

describe("alerts", () => {
    it("sound and show an arrival", async () => {
        const { alerts, played, toasted } = one();
        alerts.announce([reached]);
        await settled();
        assert.deepEqual(played(), [["target_reached", 0.4]]);
        assert.deepEqual(toasted(), [[reached, 6]]);
        alerts.announce([cooled]);
        await settled();
        assert.deepEqual(played()[1], ["cooldown_finished", 0.4]);
    });

    it("have a switch each, and one for all", async () => {
        for (const settings of [
            { sound_enabled: false, notification_enabled: false },
            { sound_target_reached: false, notification_target_reached: false },
        ]) {
            const { alerts, played, toasted } = one({ settings });
            alerts.announce([reached]);
            await settled();
            assert.deepEqual([played(), toasted()], [[], []]);
        }
    });

    it("do not come more often than the user wants, each heater by itself", async () => {
        const { alerts, played, toasted } = one();
        for (const [heater, seconds] of [
            ["bed", 0],
            ["bed", 4],
            ["tool0", 5],
            ["bed", 11],
        ]) {
            alerts.announce([{ ...reached, heater, time: 1000 + seconds }]);
            await settled();
        }
        assert.equal(played().length, 3);
        assert.deepEqual(
            toasted().map(([{ heater, time }]) => [heater, time]),
            [
                ["bed", 1000],
                ["tool0", 1005],
                ["bed", 1011],
            ],
        );
    });

    it("sound in one of several pages", async () => {
        const shared = storage();
        const pages = Array.from({ length: 5 }, () => page(() => shared));
        for (const { alerts } of pages) alerts.announce([reached]);
        await settled();
        assert.equal(pages.flatMap(({ played }) => played()).length, 1);
        assert.equal(pages.flatMap(({ toasted }) => toasted()).length, 5);
    });

    it("sound in the page that is looked at, if it may sound", async () => {
        const shared = storage();
        const hidden = page(() => shared, { visible: false });
        const blocked = page(() => shared, { blocked: true });
        const seen = page(() => shared);
        for (const { alerts } of [hidden, blocked, seen]) alerts.announce([reached]);
        await settled();
        assert.deepEqual(
            [hidden, blocked, seen].map(({ played }) => played().length),
            [0, 0, 1],
        );
        const later = { ...reached, time: 2000 };
        for (const { alerts } of [hidden, blocked]) alerts.announce([later]);
        await settled();
        assert.equal(hidden.played().length, 1, "better a hidden one than none");
    });

    it("survive a storage that fails or holds junk", async () => {
        const failing = () => {
            throw new Error("SecurityError");
        };
        const junk = { getItem: () => '{"time": "soon"}', setItem: () => {} };
        for (const [shared, count] of [
            [failing, 1],
            [() => junk, 0],
        ]) {
            const { alerts, played } = page(shared);
            alerts.announce([reached]);
            await settled();
            assert.equal(played().length, count);
        }
    });

    it("are not kept back by a claim from before the server's clock was set back", async () => {
        const { alerts, played } = one();
        alerts.announce([{ ...reached, time: 90_000 }]);
        await settled();
        alerts.announce([reached]);
        await settled();
        assert.equal(played().length, 2);
    });
});
