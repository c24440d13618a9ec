// Alerts in one tab and in several tabs of a browser.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Alerts } from "../../static/js/alerts.js";
import { TabElection } from "../../static/js/tab_election.js";

const SETTINGS = {
    sound_enabled: true,
    sound_target_reached: true,
    sound_cooldown_finished: true,
    sound_soaked: true,
    sound_volume: 0.4,
    sound_min_interval_s: 10,
    notification_enabled: true,
    notification_target_reached: true,
    notification_cooldown_finished: true,
    notification_soaked: true,
    notification_timeout_s: 6,
    notification_min_interval_s: 10,
};

const bed = { heater: "bed", actual: 59, target: 60, time: 1000 };
const reached = { ...bed, kind: "target_reached" };
const soaked = { ...bed, kind: "soaked" };
const cooled = { ...bed, kind: "cooled_down", actual: 40, target: 0 };

function createStorage() {
    const values = new Map();
    return {
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => values.set(key, value),
    };
}

/** Virtual time in ms, and who waits for it. */
let now = 0;
const waiting = [];
const wait = (ms) => new Promise((resolve) => waiting.push({ until: now + ms, resolve }));

/** Lets time pass until nobody waits any more. */
async function settled() {
    do {
        waiting.sort((a, b) => a.until - b.until);
        const next = waiting.shift();
        now = next?.until ?? now;
        next?.resolve();
        await new Promise((resolve) => setImmediate(resolve));
    } while (waiting.length);
}

/** A tab; `storage` returns the storage that it shares with others. */
function openTab(storage, { settings = {}, blocked = false, visible = true } = {}) {
    const sound = { blocked, prepare: () => {}, play: mock.fn() };
    const toast = mock.fn();
    const alerts = new Alerts({
        settings: () => ({ ...SETTINGS, ...settings }),
        sound,
        election: new TabElection(() => storage(), "sounded", wait),
        toast,
        visible: () => visible,
    });
    const played = () => sound.play.mock.calls.map((call) => call.arguments);
    const toasted = () => toast.mock.calls.map((call) => call.arguments);
    return { alerts, played, toasted };
}

function openOne(options) {
    const shared = createStorage();
    return openTab(() => shared, options);
}

describe("alerts", () => {
    it("play a sound and show a toast on arrival", async () => {
        const { alerts, played, toasted } = openOne();
        alerts.announce([reached]);
        await settled();
        assert.deepEqual(played(), [["target_reached", 0.4]]);
        assert.deepEqual(toasted(), [[reached, 6]]);
        alerts.announce([cooled]);
        await settled();
        assert.deepEqual(played()[1], ["cooldown_finished", 0.4]);
        alerts.announce([soaked]);
        await settled();
        assert.deepEqual(played()[2], ["soaked", 0.4]);
        assert.equal(toasted().length, 3);
    });

    it("are not for what the settings have no switch for", async () => {
        const { alerts, played, toasted } = openOne();
        const printer = { heater: null, actual: Number.NaN, target: Number.NaN };
        alerts.announce([
            { ...bed, kind: "heater_stalled" },
            { ...printer, kind: "printer_ready", time: 1000 },
        ]);
        await settled();
        assert.deepEqual([played(), toasted()], [[], []]);
    });

    it("have a switch for each kind, and a main switch", async () => {
        for (const settings of [
            { sound_enabled: false, notification_enabled: false },
            { sound_target_reached: false, notification_target_reached: false },
        ]) {
            const { alerts, played, toasted } = openOne({ settings });
            alerts.announce([reached]);
            await settled();
            assert.deepEqual([played(), toasted()], [[], []]);
        }
    });

    it("keep to the minimum interval, for each heater", async () => {
        const { alerts, played, toasted } = openOne();
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

    it("play the sound in one of several tabs", async () => {
        const shared = createStorage();
        const tabs = Array.from({ length: 5 }, () => openTab(() => shared));
        for (const { alerts } of tabs) alerts.announce([reached]);
        await settled();
        assert.equal(tabs.flatMap(({ played }) => played()).length, 1);
        assert.equal(tabs.flatMap(({ toasted }) => toasted()).length, 5);
    });

    it("prefer the visible tab, unless its sound is blocked", async () => {
        const shared = createStorage();
        const hidden = openTab(() => shared, { visible: false });
        const blocked = openTab(() => shared, { blocked: true });
        const visible = openTab(() => shared);
        for (const { alerts } of [hidden, blocked, visible]) alerts.announce([reached]);
        await settled();
        assert.deepEqual(
            [hidden, blocked, visible].map(({ played }) => played().length),
            [0, 0, 1],
        );
        const later = { ...reached, time: 2000 };
        for (const { alerts } of [hidden, blocked]) alerts.announce([later]);
        await settled();
        assert.equal(hidden.played().length, 1, "a hidden tab plays it if no other can");
    });

    it("work with a storage that fails or has invalid values", async () => {
        const failing = () => {
            throw new Error("SecurityError");
        };
        const invalid = { getItem: () => '{"time": "soon"}', setItem: () => {} };
        for (const [storage, count] of [
            [failing, 1],
            [() => invalid, 0],
        ]) {
            const { alerts, played } = openTab(storage);
            alerts.announce([reached]);
            await settled();
            assert.equal(played().length, count);
        }
    });

    it("ignore a claim made before the server's clock was set back", async () => {
        const { alerts, played } = openOne();
        alerts.announce([{ ...reached, time: 90_000 }]);
        await settled();
        alerts.announce([reached]);
        await settled();
        assert.equal(played().length, 2);
    });
});
