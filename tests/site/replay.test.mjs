// The replay's calculation against the native one, without a browser.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { recordings } from "../../docs/try/recording.js";
import { ALGORITHMS, Replay } from "../../docs/try/replay.js";
import { measured } from "../../scripts/accuracy/measure.mjs";
import { buildReplay } from "../../scripts/accuracy/replay.mjs";
import { readTraces } from "../../scripts/accuracy/traces.mjs";
import { initSync, TempEta } from "../../static/wasm/temp_eta.js";
import { siteFolder } from "./server.mjs";

const folder = join(siteFolder, "try");
const create = () => new TempEta(() => {});
let all;
let program;
const traces = readTraces();

before(async () => {
    const file = (pattern) =>
        readFileSync(
            join(
                folder,
                readdirSync(folder).find((it) => pattern.test(it)),
            ),
        );
    initSync({ module: file(/\.wasm$/) });
    all = recordings(JSON.parse(file(/^recordings-.*\.json$/))).flat();
    program = await buildReplay();
});

for (const learned of [false, true]) {
    const what = learned
        ? "all that the printer did before is known"
        : "nothing is known";
    test(`says what the native program says where ${what}`, async () => {
        for (const algorithm of ALGORITHMS) {
            const events = await measured(
                program,
                { algorithm, learns: learned },
                traces,
            );
            assert.equal(events.length, all.length);
            for (const [i, recording] of all.entries()) {
                const replay = new Replay(create, recording, { learned });
                replay.goTo(recording.event.until);
                const { id } = recording.event;
                compare(replay, algorithm, events[i], `${algorithm}, ${id}`);
                replay.free();
            }
        }
    });
}

/** The native program tells milliseconds. */
function compare(replay, algorithm, event, name) {
    assert.equal(replay.points.length, event.points.length, name);
    for (const [i, { time, left, said }] of replay.points.entries()) {
        const native = event.points[i];
        assert.equal(time, native.time, name);
        assert.equal(left, native.left, name);
        const [one, other] = [said[algorithm], native.remaining];
        if (other === null) assert.equal(one, null, `${name} at ${time} s`);
        else {
            const apart = Math.abs(one - other);
            assert.ok(apart < 0.002, `${name} at ${time} s: ${one}, ${other}`);
        }
    }
    const share = replay.error(algorithm)?.share;
    assert.ok(Math.abs(share - event.share) < 1e-4, `${name}: ${share}, ${event.share}`);
}

test("knows nothing of what comes after", () => {
    const { event, readings, session } = all.find(
        ({ event }) => event.kind === "heating",
    );
    const middle = (event.start + event.arrival) / 2;
    const past = readings.filter(({ time }) => time <= middle);
    const said = [readings, past].map((known) => {
        const replay = new Replay(create, { event, readings: known, session });
        replay.goTo(middle);
        return [replay.points, ...ALGORITHMS.map((it) => replay.answer(it).remaining)];
    });
    assert.deepEqual(said[0], said[1]);
});

test("ends every event at 0, with a forecast until then", () => {
    for (const recording of all) {
        const { event } = recording;
        const replay = new Replay(create, recording);
        replay.goTo((event.start + event.arrival) / 2);
        const forecast = replay.forecast("adaptive");
        const edge = event.kind === "heating" ? event.goal - 1 : event.goal + 1;
        assert.ok(forecast.length >= 2, event.id);
        assert.ok(Math.abs(forecast.at(-1).celsius - edge) < 0.001, event.id);
        replay.goTo(event.until);
        const answers = ALGORITHMS.map((it) => replay.answer(it).remaining);
        assert.deepEqual([replay.left, ...answers], [0, 0, 0, 0], event.id);
        replay.free();
    }
});
