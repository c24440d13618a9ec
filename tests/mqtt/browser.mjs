// Runs the browser's module for test_golden.py, which compares each bit with the server's.
//
// stdin: a list of {settings, profile, messages: [[message, local], ...]}; stdout: for each
// of them and each message the heaters, each [name, phase, reason, numbers in hexadecimal].
import { readFileSync } from "node:fs";

const NUMBERS = ["actual", "target", "goal", "remaining", "low", "high", "rate"];

const file = (path) => new URL(`../../${path}`, import.meta.url);
const wasm = await import(file("static/wasm/temp_eta.js"));
await wasm.default({
    module_or_path: readFileSync(file("static/wasm/temp_eta_bg.wasm")),
});

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(snapshots)));

function snapshots({ settings, profile, messages }) {
    const calculation = new wasm.TempEta(() => {});
    calculation.configure(settings);
    calculation.equip(profile);
    calculation.choose(settings.heaters);
    const rows = messages.map(([message, local]) => {
        calculation.ingest(message, 1000 * local);
        return calculation.snapshot(1000 * local).heaters.map(encoded);
    });
    calculation.free();
    return rows;
}

function encoded({ heater, phase, reason, interval, ...row }) {
    const [low, high] = interval ?? [null, null];
    const numbers = { ...row, low, high };
    return [heater, phase, reason, NUMBERS.map((name) => bits(numbers[name]))];
}

function bits(number) {
    if (number === null) return null;
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, number);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
}
