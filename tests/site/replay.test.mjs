// Compares the replay's calculation with the native one, without a browser.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
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

test.beforeAll(() => {
    const file = (pattern) =>
        readFileSync(
            join(
                folder,
                readdirSync(folder).find((it) => pattern.test(it)),
            ),
        );
    initSync({ module: file(/\.wasm$/) });
    all = recordings(JSON.parse(file(/^recordings-.*\.json$/))).flat();
});

for (const learned of [false, true]) {
    const what = learned
        ? "all that the printer did before is known"
        : "nothing is known";
    test(`says what the native program says where ${what}`, async () => {
        const program = await buildReplay();
        const traces = readTraces();
        for (const algorithm of ALGORITHMS) {
            const events = await measured(
                program,
                { algorithm, learns: learned },
                traces,
            );
            expect(events).toHaveLength(all.length);
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

/** The native program prints milliseconds. */
function compare(replay, algorithm, event, name) {
    const shown = replay.points.map(({ time, left, said }) => {
        return { time, left, remaining: said[algorithm] };
    });
    const near = event.points.map(({ time, left, remaining }, i) => {
        const isNear =
            remaining !== null && Math.abs(shown[i]?.remaining - remaining) < 0.002;
        return { time, left, remaining: isNear ? shown[i].remaining : remaining };
    });
    expect(shown, name).toEqual(near);
    expect(Math.abs(replay.error(algorithm)?.share - event.share), name).toBeLessThan(
        1e-4,
    );
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
    expect(said[0]).toEqual(said[1]);
});

test("ends every event at 0, with a forecast until then", () => {
    for (const recording of all) {
        const { event } = recording;
        const replay = new Replay(create, recording);
        replay.goTo((event.start + event.arrival) / 2);
        const forecast = replay.forecast("adaptive");
        const edge = event.kind === "heating" ? event.goal - 1 : event.goal + 1;
        expect(forecast.length, event.id).toBeGreaterThanOrEqual(2);
        expect(Math.abs(forecast.at(-1).celsius - edge), event.id).toBeLessThan(0.001);
        replay.goTo(event.until);
        const answers = ALGORITHMS.map((it) => replay.answer(it).remaining);
        expect([replay.left, ...answers], event.id).toEqual([0, 0, 0, 0]);
        replay.free();
    }
});
