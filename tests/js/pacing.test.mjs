// Which messages are shown at once.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pacing } from "../../static/js/pacing.js";

describe("messages", () => {
    const shown = (interval, times) => {
        const pacing = new Pacing();
        return times.filter((now) => pacing.shows(now, interval));
    };

    it("are shown once per update interval, from the first on", () => {
        const times = [0, 500, 1000, 1500, 2000, 2500];
        assert.deepEqual(shown(1, times), [0, 1000, 2000]);
        assert.deepEqual(shown(0.1, times), times);
        assert.deepEqual(shown(5, times), [0]);
    });

    it("may come a bit early, and late", () => {
        assert.deepEqual(shown(1, [0, 920, 1990, 2850]), [0, 920, 1990]);
        assert.deepEqual(shown(1, [0, 899, 901]), [0, 901]);
    });

    it("of a printer that reports rarely are all shown", () => {
        assert.deepEqual(shown(1, [0, 4000, 8000]), [0, 4000, 8000]);
    });
});
