// The engine with a fake module that fails in various ways.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Engine } from "../../static/js/engine.js";

const snapshot = {
    time: 1,
    heaters: [],
    skipped: { time: 0, heater: 0, actual: 0, target: 0 },
};

const arrivals = [{ heater: "bed" }];

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A wasm module with the methods of `behaviour`. */
function fakeModule(behaviour = {}) {
    const module = {
        onPanic(callback) {
            module.panic = callback;
        },
        TempEta: class {
            constructor(onTick) {
                module.core = this;
                module.startTick = onTick;
                module.tick = () => {
                    onTick();
                    mock.timers.tick(100);
                };
            }
            restartTicker = mock.fn();
            ingest = mock.fn(behaviour.ingest ?? (() => arrivals));
            configure = mock.fn(behaviour.configure);
            equip = mock.fn(behaviour.equip);
            choose = mock.fn(behaviour.choose);
            reported = mock.fn(behaviour.reported ?? (() => []));
            snapshot = mock.fn(behaviour.snapshot ?? (() => snapshot));
            taught = mock.fn(behaviour.taught ?? (() => []));
            recall = mock.fn(behaviour.recall);
            forget = mock.fn(behaviour.forget);
        },
    };
    return module;
}

function start(behaviour) {
    const wasm = fakeModule(behaviour);
    const onSnapshot = mock.fn(behaviour?.onSnapshot);
    const onFailure = mock.fn();
    const storage = createStorage();
    // OctoPrint is not asked before the page is connected.
    const page = { storage: () => storage, server: null };
    const engine = new Engine(wasm, onSnapshot, onFailure, page);
    return { wasm, engine, onSnapshot, onFailure, storage };
}

const PROFILE = { id: "one", tools: 1, bed: true, chamber: false };
const KEY = "temp_eta/2/one/bed";
const stored = (...numbers) =>
    JSON.stringify({ numbers, file: "", revision: 0, changed: true });
const STORED = stored(1, 2);

/** A storage with one learned state. */
function createStorage() {
    const values = new Map([[KEY, STORED]]);
    return {
        values,
        get length() {
            return values.size;
        },
        key: (index) => [...values.keys()][index],
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => values.set(key, value),
        removeItem: (key) => values.delete(key),
    };
}

const raise = (error) => () => {
    throw error;
};

describe("the engine", () => {
    it("passes calls and results on", () => {
        const { wasm, engine, onSnapshot, onFailure } = start();
        assert.equal(engine.ingest({ temps: [] }, 5), arrivals);
        engine.configure({ enabled: true });
        engine.setProfile(PROFILE);
        assert.equal(engine.snapshot(6), snapshot);
        wasm.tick();
        assert.deepEqual(onSnapshot.mock.calls[0].arguments, [snapshot]);
        assert.equal(onFailure.mock.callCount(), 0);
    });

    it("drops a tick instead of which a message was shown", () => {
        const { wasm, engine, onSnapshot } = start();
        wasm.startTick();
        mock.timers.tick(50);
        engine.restartTicker();
        assert.equal(wasm.core.restartTicker.mock.callCount(), 1);
        mock.timers.tick(1000);
        assert.equal(onSnapshot.mock.callCount(), 0);
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 1);
    });

    it("shows what was true when a tick was due, unless that was long ago", (test) => {
        let now = 5000;
        test.mock.method(performance, "now", () => now);
        const { wasm } = start();
        const shownAt = () => wasm.core.snapshot.mock.calls.at(-1).arguments[0];
        wasm.startTick();
        now = 5120;
        mock.timers.tick(100);
        assert.equal(shownAt(), 5000);
        // The page is hidden meanwhile.
        wasm.startTick();
        now = 65_000;
        mock.timers.tick(100);
        assert.equal(shownAt(), 65_000);
    });

    it("warns about skipped readings also where no tick comes", (test) => {
        const warn = test.mock.method(console, "warn", () => {});
        const { engine } = start({
            snapshot: () => ({ ...snapshot, skipped: { actual: 2 } }),
        });
        engine.snapshot(0);
        assert.equal(warn.mock.callCount(), 1);
    });

    it("warns once about an invalid call and continues", (test) => {
        const warn = test.mock.method(console, "warn", () => {});
        const { engine, onFailure } = start({
            ingest: raise(new TypeError("no object")),
        });
        assert.deepEqual(engine.ingest(1, 0), []);
        engine.ingest(2, 0);
        assert.equal(warn.mock.callCount(), 1);
        assert.equal(engine.snapshot(0), snapshot);
        assert.equal(onFailure.mock.callCount(), 0);
    });

    it("warns once for each kind of skipped reading", (test) => {
        const warn = test.mock.method(console, "warn", () => {});
        let actual = 0;
        const skipping = () => {
            actual++;
            return { ...snapshot, skipped: { time: 0, actual, target: 1 } };
        };
        const { wasm } = start({ snapshot: skipping });
        for (let i = 0; i < 3; i++) wasm.tick();
        assert.equal(warn.mock.callCount(), 2);
    });

    it("survives an error while a snapshot is shown", (test) => {
        test.mock.method(console, "warn", () => {});
        const { wasm, onSnapshot } = start({ onSnapshot: raise(new Error("page")) });
        wasm.tick();
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 2);
    });

    it("reports a fatal error once, and never calls the module again", () => {
        const failing = { ingest: raise(new WebAssembly.RuntimeError("unreachable")) };
        const { wasm, engine, onFailure } = start(failing);
        engine.ingest({}, 0);
        assert.equal(onFailure.mock.callCount(), 1, "the exception is enough");
        engine.ingest({}, 0);
        wasm.panic("panicked");
        assert.equal(onFailure.mock.callCount(), 1);
        assert.equal(engine.snapshot(0), undefined);
    });

    it("recognizes fatal errors by their messages", () => {
        for (const error of [
            new Error("recursive use of an object detected"),
            new RangeError("Maximum call stack size exceeded"),
        ]) {
            const { engine, onFailure } = start({ snapshot: raise(error) });
            assert.equal(engine.snapshot(0), undefined);
            assert.equal(onFailure.mock.callCount(), 1, error.message);
        }
    });

    it("survives a fatal error during a tick", () => {
        const failing = { snapshot: raise(new WebAssembly.RuntimeError("unreachable")) };
        const { wasm, onSnapshot, onFailure } = start(failing);
        wasm.tick();
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 0);
        assert.equal(onFailure.mock.callCount(), 1);
    });

    it("hands what is stored to the module, and stores what it has learned", async () => {
        const calls = [];
        const update = { heater: "bed", numbers: [1, 3], basedOn: 2 };
        const { engine, storage } = start({
            equip: () => calls.push("equip"),
            forget: () => calls.push("forget"),
            recall: (...state) => calls.push(["recall", ...state]),
            ingest: () => calls.push("ingest") && arrivals,
            taught: () => [update],
        });
        assert.equal(engine.ingest({}, 0), arrivals);
        assert.equal(storage.values.get(KEY), STORED, "before the printer is known");
        engine.setProfile(PROFILE);
        engine.ingest({}, 0);
        assert.equal(storage.values.get(KEY), stored(1, 3));
        engine.reloadLearned();
        await engine.forget();
        assert.deepEqual(calls, [
            ...["ingest", "equip", "forget", ["recall", "bed", [1, 2]], "ingest"],
            ...["forget", ["recall", "bed", [1, 3]], "forget"],
        ]);
        assert.equal(storage.values.size, 0);
    });

    it("sets aside what the module rejects, but not if that fails", () => {
        for (const [error, failures, key] of [
            [new RangeError("numbers must be"), 0, "temp_eta/aside/1/one/bed"],
            [new RangeError("Maximum call stack size exceeded"), 1, KEY],
            [new WebAssembly.RuntimeError("unreachable"), 1, KEY],
        ]) {
            const { engine, onFailure, storage } = start({ recall: raise(error) });
            engine.setProfile(PROFILE);
            assert.equal(onFailure.mock.callCount(), failures);
            assert.deepEqual([...storage.values], [[key, STORED]]);
        }
    });

    it("leaves the storage alone once the module has failed", () => {
        const { wasm, engine, storage } = start();
        engine.setProfile(PROFILE);
        wasm.panic("panicked");
        engine.ingest({}, 0);
        engine.setProfile({ ...PROFILE, id: "two" });
        engine.reloadLearned();
        engine.setProfile(PROFILE);
        engine.forget();
        assert.deepEqual([...storage.values], [[KEY, STORED]]);
    });

    it("does not take the printer of an invalid profile", (test) => {
        test.mock.method(console, "warn", () => {});
        const { engine, storage } = start({ equip: raise(new TypeError("tools")) });
        engine.setProfile(PROFILE);
        engine.forget();
        assert.equal(storage.values.get(KEY), STORED);
    });

    it("reports a panic between two calls", () => {
        const { wasm, engine, onSnapshot, onFailure } = start();
        wasm.panic("panicked at core");
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 0);
        assert.match(onFailure.mock.calls[0].arguments[0].message, /panicked at core/);
        assert.equal(engine.snapshot(0), undefined);
    });
});
