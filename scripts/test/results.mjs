// Results of test runners: { passed, failed, tests: [{ name, seconds }] }.
import { existsSync, readFileSync } from "node:fs";

/** Results from a report in JUnit's format; none if it is missing. */
export function junitResults(file) {
    const xml = existsSync(file) ? readFileSync(file, "utf8") : "";
    const results = { passed: 0, failed: 0, tests: [] };
    for (const [, head, body = ""] of xml.matchAll(CASE)) {
        const attribute = (name) =>
            decoded(new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? "");
        if (body.includes("<skipped")) continue;
        results[/<(failure|error)\b/.test(body) ? "failed" : "passed"]++;
        const name = `${attribute("classname")} › ${attribute("name")}`;
        results.tests.push({ name, seconds: Number(attribute("time")) });
    }
    return results;
}

/** Results from the output of `cargo test` and wasm-bindgen's runner, a line for each binary. */
export function cargoResults(text) {
    const sum = (pattern) =>
        [...text.matchAll(pattern)].reduce(
            (total, [, count]) => total + Number(count),
            0,
        );
    return {
        passed: sum(/^test result: .*?(\d+) passed/gm),
        failed: sum(/^test result: .*?(\d+) failed/gm),
        tests: [],
    };
}

export function sum(results) {
    return {
        passed: results.reduce((total, { passed }) => total + passed, 0),
        failed: results.reduce((total, { failed }) => total + failed, 0),
        tests: results.flatMap(({ tests }) => tests),
    };
}

const CASE = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const decoded = (text) =>
    text.replace(/&(\w+);/g, (entity, name) => ENTITIES[name] ?? entity);
