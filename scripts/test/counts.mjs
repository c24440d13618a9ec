// Each function finds in a test runner's output how many tests passed and failed.

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours start with
const COLOURS = /\u001b\[[0-9;]*m/g;

/** `cargo test` and wasm-bindgen's test runner: one line for each test binary. */
export function cargoCounts(text) {
    return {
        passed: sum(text, /^test result: .*?(\d+) passed/gm),
        failed: sum(text, /^test result: .*?(\d+) failed/gm),
    };
}

/** `node --test` with the spec reporter. */
export function nodeCounts(text) {
    return {
        passed: sum(text, /^ℹ pass (\d+)/gm),
        failed: sum(text, /^ℹ fail (\d+)/gm) + sum(text, /^ℹ cancelled (\d+)/gm),
    };
}

/** pytest's last line. */
export function pytestCounts(text) {
    const last = text.trimEnd().split("\n").at(-1);
    return {
        passed: sum(last, /(\d+) passed/g),
        failed: sum(last, /(\d+) failed/g) + sum(last, /(\d+) errors?/g),
    };
}

function sum(text, pattern) {
    const matches = text.replaceAll(COLOURS, "").matchAll(pattern);
    return [...matches].reduce((total, match) => total + Number(match[1]), 0);
}
