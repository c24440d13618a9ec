// Generates arbitrary socket messages, and checks what must hold after the module has got them.
// Needs the wasm module, but no page.
import assert from "node:assert/strict";
import fc from "fast-check";

const START = 1.8e9;

/** Names of heaters, and names that are special in JavaScript or too long. */
const NAMES = [
    ...["tool0", "tool1", "bed", "chamber", "W", "time", "", "tool256", "x".repeat(100)],
    ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"],
];

/** Any JavaScript value, including objects that throw when they are read. */
const anything = () =>
    fc.oneof(
        fc.anything({
            withBigInt: true,
            withBoxedValues: true,
            withDate: true,
            withMap: true,
            withNullPrototype: true,
            withObjectString: true,
            withSet: true,
            withSparseArray: true,
            withTypedArray: true,
        }),
        fc.constantFrom(...throwingObjects(), Symbol("odd"), () => 5, new Error("odd")),
    );

function throwingObjects() {
    const refuse = () => {
        throw new Error("refused");
    };
    const getters = {};
    for (const name of [
        "temps",
        "serverTime",
        "state",
        "actual",
        "target",
        "time",
        "bed",
    ])
        Object.defineProperty(getters, name, { get: refuse, enumerable: true });
    // fast-check prints the failing value, which must not throw.
    const describe = () => "(throws)";
    Object.defineProperty(getters, fc.toStringMethod, { value: describe });
    const get = (_, key) => (key === fc.toStringMethod ? describe : refuse());
    const has = (_, key) => key === fc.toStringMethod;
    const proxy = new Proxy({}, { get, has, ownKeys: refuse });
    return [getters, proxy, { temps: [getters, proxy], serverTime: START }];
}

/** As a number or, now and then, as a text. */
const number = () =>
    fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: -20, max: 350, noNaN: true }) },
        fc.double(),
        fc.double().map(String),
        fc.constantFrom(
            "off",
            " OFF ",
            "None",
            "-",
            "",
            "60",
            " 60.0 ",
            "1023.75",
            "hot",
        ),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e308, -0, 2 ** 53),
    );

/** Usually a valid value. */
const mostly = (arbitrary) =>
    fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: anything() });

const reading = () =>
    mostly(
        fc.record(
            { actual: mostly(number()), target: mostly(number()) },
            { requiredKeys: [] },
        ),
    );

const name = () =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NAMES) }, fc.string());

/** A row whose keys are defined, not assigned, so that `__proto__` is possible. */
const row = (time) =>
    fc
        .tuple(
            mostly(time),
            fc.array(fc.tuple(name(), reading()), { maxLength: 5 }),
            // Sometimes thousands of heaters.
            fc.oneof(
                { weight: 30, arbitrary: fc.constant(0) },
                fc.constantFrom(40, 10_000),
            ),
        )
        .map(([time, readings, junk]) => {
            const made = { time };
            const put = (key, value) =>
                Object.defineProperty(made, key, {
                    value,
                    enumerable: true,
                    configurable: true,
                });
            for (const [key, value] of readings) put(key, value);
            for (let i = 0; i < junk; i++) put(`junk ${i}`, { actual: 20, target: 60 });
            return made;
        });

const flags = () =>
    fc.dictionary(
        fc.constantFrom("operational", "printing", "paused", "finishing"),
        mostly(fc.boolean()),
    );

const message = (serverTime, time) =>
    fc.record(
        {
            serverTime: mostly(serverTime),
            temps: mostly(fc.array(mostly(row(time)), { maxLength: 4 })),
            state: mostly(fc.record({ flags: mostly(flags()) })),
            progress: mostly(fc.record({ filepos: mostly(number()) })),
        },
        { requiredKeys: [] },
    );

/** Messages with the page's elapsed time in ms; both clocks may jump in any direction. */
export function session() {
    const step = fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
        fc.constantFrom(-3600, -2, 0, 3600, 1e9, -1e300, Number.NaN),
    );
    const steps = fc.array(
        fc.tuple(step, step, message(fc.constant("now"), fc.constant("now"))),
        { maxLength: 30 },
    );
    return fc.oneof(
        steps.map((steps) => {
            let [server, local] = [START, 0];
            return steps.map(([passed, elapsed, template]) => {
                if (Number.isFinite(server + passed)) server += passed;
                local += 1000 * elapsed;
                return { message: stamp(template, server), now: local };
            });
        }),
        fc.array(fc.record({ message: anything(), now: number() }), { maxLength: 5 }),
    );
}

/** Replaces "now" in a message by the server's time. */
function stamp(template, server) {
    const at = (value, time) => (value === "now" ? time : value);
    const { temps } = template;
    if (Object.hasOwn(template, "serverTime"))
        template.serverTime = at(template.serverTime, server);
    for (const row of Array.isArray(temps) ? temps : []) {
        const own = row && Object.getOwnPropertyDescriptor(row, "time");
        if (own?.value === "now") row.time = Math.floor(server);
    }
    return template;
}

/**
 * Passes a session and then a valid heat-up to a new `TempEta`.
 *
 * @throws {assert.AssertionError} if a check fails
 */
export function assertSurvives(wasm, session) {
    const core = new wasm.TempEta(() => {});
    for (const { message, now } of session) {
        allowRejection(() => assert.ok(Array.isArray(core.ingest(message, now))));
        for (const { heater, numbers } of core.taught()) core.recall(heater, numbers);
        allowRejection(() => checkSnapshot(core.snapshot(now)));
        allowRejection(() => checkGraphs(core.graph(now, 180)));
    }
    assert.deepEqual(Object.keys(Object.prototype), []);
    const { heaters, samples, marks } = core.diagnostics();
    assert.ok(heaters <= 32 && samples <= 32 * 300 && marks <= 32 * 1000);
    checkRecovery(core);
    core.free();
}

/** Runs `work`, which may throw only the module's own errors. */
function allowRejection(work) {
    try {
        work();
    } catch (error) {
        const ours = error instanceof TypeError || error instanceof RangeError;
        assert.ok(ours && / must be /.test(error.message), error);
    }
}

function checkSnapshot({ time, heaters, printer, skipped }) {
    assert.ok(time === null || Number.isFinite(time));
    assert.ok(heaters.length <= 32);
    for (const row of heaters) {
        const { heater, remaining, interval, reason, progress, rate, goal } = row;
        assert.equal(typeof heater, "string");
        const isMeasured = row.actual >= -10 && row.actual <= 600;
        assert.ok(isMeasured || reason === "implausible", `${row.actual}`);
        assert.ok(row.target >= 0 && row.target <= 600, `${row.target}`);
        assert.ok(remaining === null || (remaining >= 0 && remaining <= 3600));
        assert.equal(remaining === null, reason !== null);
        assert.ok(interval === null || (interval[0] >= 0 && interval[1] >= interval[0]));
        assert.ok(progress === null || (progress >= 0 && progress <= 1));
        assert.ok(rate === null || Number.isFinite(rate));
        assert.ok(goal === null || Number.isFinite(goal));
    }
    if (printer) assert.ok(printer.remaining === null || printer.remaining >= 0);
    for (const count of Object.values(skipped)) assert.ok(Number.isInteger(count));
}

function checkGraphs(graphs) {
    for (const { heater, actual, target, forecast } of graphs) {
        assert.equal(typeof heater, "string");
        // A gap is NaN.
        const isDrawn = (number) => Number.isFinite(number) || Number.isNaN(number);
        assert.ok(actual.every(isDrawn));
        for (const numbers of [target, forecast])
            assert.ok(numbers.every(Number.isFinite));
    }
}

/** Checks that a valid heat-up has a countdown, whatever came before. */
function checkRecovery(core) {
    // A different time, so that earlier messages have no effect.
    const [start, page] = [1.6e9, 1e7];
    for (let second = 0; second <= 60; second += 2) {
        const bed = { actual: 20 + 0.5 * second, target: 100 };
        const message = {
            serverTime: start + second,
            temps: [{ time: start + second, bed }],
            state: { flags: { operational: true } },
        };
        core.ingest(message, page + 1000 * second);
    }
    const { heaters } = core.snapshot(page + 60_000);
    const bed = heaters.find(({ heater }) => heater === "bed");
    // Unless earlier heaters have reached the limit.
    if (heaters.length < 32) {
        assert.ok(Math.abs(bed?.remaining - 98) < 5, JSON.stringify(bed));
    }
}
