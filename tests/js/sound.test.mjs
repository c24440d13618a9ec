import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Sound } from "../../static/js/sound.js";

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

describe("sound", () => {
    it("reports that it is blocked until the browser allows it", async () => {
        const context = new FakeContext();
        const onBlocked = mock.fn();
        const sound = new Sound(() => context, onBlocked);
        sound.prepare();
        sound.play("target_reached", 1);
        assert.equal(context.tones.length, 0);
        await sound.unblock();
        const reported = onBlocked.mock.calls.map((call) => call.arguments[0]);
        assert.deepEqual(reported, [true, false]);
    });

    it("rises for a target and falls for a cool-down", async () => {
        for (const [kind, rises] of [
            ["target_reached", true],
            ["cooldown_finished", false],
        ]) {
            const context = new FakeContext();
            const sound = new Sound(
                () => context,
                () => {},
            );
            await sound.unblock();
            sound.play(kind, 0);
            const [first, ...rest] = context.tones;
            const last = rest.at(-1);
            assert.equal(last.frequency.value > first.frequency.value, rises);
            assert.ok(first.at >= 5 && last.at > first.at);
        }
    });

    it("does nothing in a browser without it", async (test) => {
        test.mock.method(console, "warn", () => {});
        const onBlocked = mock.fn();
        const none = () => {
            throw new ReferenceError("AudioContext is not defined");
        };
        const sound = new Sound(none, onBlocked);
        await sound.unblock();
        sound.play("target_reached", 1);
        assert.equal(onBlocked.mock.callCount(), 0, "it cannot be unblocked");
    });
});
