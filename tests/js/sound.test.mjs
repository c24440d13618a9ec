import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Sound } from "../../static/js/sound.js";

/** A wait that is over at once, and one that is never over. */
const elapsed = async () => {};
const forever = () => new Promise(() => {});

/** A `Sound` on this context, and the states that it has reported. */
function soundOn(context, wait = forever) {
    const states = [];
    const sound = new Sound(
        () => context,
        (state) => states.push(state),
        wait,
    );
    return { sound, states };
}

/** The parts of an `AudioContext` that a melody needs. */
class FakeContext {
    state = "suspended";
    currentTime = 5;
    destination = {};
    tones = [];

    async resume() {
        this.state = "running";
        this.onstatechange();
    }

    createGain() {
        const gain = {
            setValueAtTime: mock.fn(),
            exponentialRampToValueAtTime: mock.fn(),
        };
        return { gain, connect: () => {} };
    }

    createOscillator() {
        const tone = {
            frequency: {},
            connect: () => {},
            start: (at) => {
                tone.at = at;
            },
            stop: () => {},
        };
        this.tones.push(tone);
        return tone;
    }
}

/** Like Firefox without a sound device: it neither starts nor refuses to. */
class SilentContext extends FakeContext {
    resume() {
        return forever();
    }
}

describe("sound", () => {
    it("reports that it is blocked until the browser allows it", async () => {
        const context = new FakeContext();
        const { sound, states } = soundOn(context);
        sound.prepare();
        sound.play("target_reached", 1);
        assert.equal(context.tones.length, 0);
        await sound.unblock(true);
        assert.deepEqual(states, ["blocked", "running"]);
    });

    it("rises for a target and falls for a cool-down", async () => {
        for (const [kind, rises] of [
            ["target_reached", true],
            ["cooldown_finished", false],
        ]) {
            const context = new FakeContext();
            const { sound } = soundOn(context);
            await sound.unblock(true);
            sound.play(kind, 0);
            const [first, ...rest] = context.tones;
            const last = rest.at(-1);
            assert.equal(last.frequency.value > first.frequency.value, rises);
            assert.ok(first.at >= 5 && last.at > first.at);
        }
    });

    it("is missing in a browser without it", async (test) => {
        const warn = test.mock.method(console, "warn", () => {});
        const states = [];
        const none = () => {
            throw new ReferenceError("AudioContext is not defined");
        };
        const sound = new Sound(none, (state) => states.push(state), forever);
        await sound.unblock(true);
        await sound.unblock(true);
        sound.play("target_reached", 1);
        assert.deepEqual(states, ["missing"], "it cannot be unblocked");
        assert.equal(warn.mock.callCount(), 1);
    });

    it("is missing if a click does not start it", async () => {
        const context = new SilentContext();
        const { sound, states } = soundOn(context, elapsed);
        await sound.unblock(true);
        sound.play("target_reached", 1);
        assert.deepEqual(states, ["blocked", "missing"]);
        assert.equal(context.tones.length, 0);
    });

    it("stays blocked after a key press, which the browser may not count", async () => {
        const { sound, states } = soundOn(new SilentContext(), elapsed);
        await sound.unblock(false);
        assert.deepEqual(states, ["blocked"]);
    });

    it("plays once a device is there", async () => {
        const context = new SilentContext();
        const { sound, states } = soundOn(context, elapsed);
        await sound.unblock(true);
        context.state = "running";
        context.onstatechange();
        sound.play("target_reached", 1);
        assert.deepEqual(states, ["blocked", "missing", "running"]);
        assert.equal(context.tones.length, 3);
    });
});
