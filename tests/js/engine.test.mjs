// The engine against a module that fails in every way it can.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Engine } from "../../static/js/engine.js";

const snapshot = {
    time: 1,
    heaters: [],
    skipped: { time: 0, heater: 0, actual: 0, target: 0 },
};

const arrivals = [{ heater: "bed" }];

/** A wasm module whose methods do what `behaviour` says. */
function fake(behaviour = {}) {
    const module = {
        onPanic(callback) {
            module.panic = callback;
        },
        TempEta: class {
            constructor(onTick) {
                module.tick = onTick;
            }
            ingest = mock.fn(behaviour.ingest ?? (() => arrivals));
            configure = mock.fn(behaviour.configure);
            equip = mock.fn(behaviour.equip);
            snapshot = mock.fn(behaviour.snapshot ?? (() => snapshot));
        },
    };
    return module;
}

function start(behaviour) {
    const wasm = fake(behaviour);
    const onSnapshot = mock.fn(behaviour?.onSnapshot);
    const onFailure = mock.fn();
    const engine = new Engine(wasm, onSnapshot, onFailure);
    return { wasm, engine, onSnapshot, onFailure };
}

const raise = (error) => () => {
    throw error;
};

describe("the engine", () => {
    it("hands over what it is asked and told", () => {
        const { wasm, engine, onSnapshot, onFailure } = start();
        assert.equal(engine.ingest({ temps: [] }, 5), arrivals);
        engine.configure({ enabled: true });
        engine.equip({ id: "one", tools: 1, bed: true, chamber: false });
        assert.equal(engine.snapshot(6), snapshot);
        wasm.tick();
        assert.deepEqual(onSnapshot.mock.calls[0].arguments, [snapshot]);
        assert.equal(onFailure.mock.callCount(), 0);
    });

    it("warns once of a wrong call and goes on", (test) => {
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

    it("warns once for each kind of reading that was skipped", (test) => {
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

    it("survives a page that fails to show a snapshot", (test) => {
        test.mock.method(console, "warn", () => {});
        const { wasm, onSnapshot } = start({ onSnapshot: raise(new Error("page")) });
        wasm.tick();
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 2);
    });

    it("says once that the calculation has broken down, and never calls it again", () => {
        const broken = { ingest: raise(new WebAssembly.RuntimeError("unreachable")) };
        const { wasm, engine, onFailure } = start(broken);
        engine.ingest({}, 0);
        assert.equal(onFailure.mock.callCount(), 1, "the exception alone tells it");
        engine.ingest({}, 0);
        wasm.panic("panicked");
        assert.equal(onFailure.mock.callCount(), 1);
        assert.equal(engine.snapshot(0), undefined);
    });

    it("knows a calculation that cannot be called any more by its words", () => {
        for (const error of [
            new Error("recursive use of an object detected"),
            new RangeError("Maximum call stack size exceeded"),
        ]) {
            const { engine, onFailure } = start({ snapshot: raise(error) });
            assert.equal(engine.snapshot(0), undefined);
            assert.equal(onFailure.mock.callCount(), 1, error.message);
        }
    });

    it("survives a tick in which the calculation breaks down", () => {
        const broken = { snapshot: raise(new WebAssembly.RuntimeError("unreachable")) };
        const { wasm, onSnapshot, onFailure } = start(broken);
        wasm.tick();
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 0);
        assert.equal(onFailure.mock.callCount(), 1);
    });

    it("hears of a breakdown between two calls", () => {
        const { wasm, engine, onSnapshot, onFailure } = start();
        wasm.panic("panicked at core");
        wasm.tick();
        assert.equal(onSnapshot.mock.callCount(), 0);
        assert.match(onFailure.mock.calls[0].arguments[0].message, /panicked at core/);
        assert.equal(engine.snapshot(0), undefined);
    });
});
