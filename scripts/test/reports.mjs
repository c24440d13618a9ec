// The results of tests from what their programs wrote:
// { passed, failed, tests: [{ name, seconds }], failures: [{ name, text }] }

/** Lines of a failure that are shown at the end, from its beginning and from its end. */
const LINES = 25;

export const NOTHING = { passed: 0, failed: 0, tests: [], failures: [] };

/** The results where something else than a test failed. */
export const crash = (name, text) => ({
    ...NOTHING,
    failed: 1,
    failures: [{ name, text }],
});

/** The results in a report in JUnit's format. */
export function readJunit(xml) {
    const results = structuredClone(NOTHING);
    for (const [, head, body = ""] of xml.matchAll(CASE)) {
        if (body.includes("<skipped")) continue;
        const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1];
        const [file, title] = ["classname", "name"].map((it) =>
            decoded(attribute(it) ?? ""),
        );
        const name = `${file} › ${title}`;
        const failure = FAILURE.exec(body);
        results[failure ? "failed" : "passed"]++;
        results.tests.push({ name, seconds: Number(attribute("time")) });
        if (failure) results.failures.push({ name, text: contents(failure[1]) });
    }
    return results;
}

const CASE = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const FAILURE = /<(?:failure|error)\b(?:[^>"]|"[^"]*")*>([\s\S]*?)<\/(?:failure|error)>/;

/** The results in what Rust's tests print, a line for each binary; they have no times. */
export function readCargo(text) {
    const lines = [...text.matchAll(/^test result: .* (\d+) passed; (\d+) failed/gm)];
    const total = (i) => lines.reduce((sum, line) => sum + Number(line[i]), 0);
    const failures = [...text.matchAll(PANIC)].map(([, name, text]) => ({ name, text }));
    return { passed: total(1), failed: total(2), tests: [], failures };
}

/** What a failed test printed, or one in a browser. */
const PANIC = /^---- (.+) (?:stdout|output) ----\n([\s\S]*?)(?=^---- |^failures:)/gm;

/** The sum of several results. */
export function sum(results) {
    const total = (key) => results.reduce((all, result) => all + result[key], 0);
    const all = (key) => results.flatMap((result) => result[key]);
    return {
        passed: total("passed"),
        failed: total("failed"),
        tests: all("tests"),
        failures: all("failures"),
    };
}

/** Its beginning, which says what went wrong, and its end, which often says why. */
export function excerpt(text) {
    const lines = text.trim().split("\n");
    const left = lines.length - 2 * LINES;
    if (left > 1) lines.splice(LINES, left, `... ${left} lines ...`);
    return lines.join("\n");
}

/** The text in an element, which may be in sections of CDATA. */
const contents = (xml) =>
    xml
        .split(/<!\[CDATA\[([\s\S]*?)\]\]>/)
        .map((part, i) => (i % 2 ? part : decoded(part)))
        .join("");

const decoded = (xml) =>
    xml.replace(/&(?:#(x?)([\da-f]+)|(\w+));/gi, (all, isHex, number, name) =>
        number
            ? String.fromCodePoint(Number.parseInt(number, isHex ? 16 : 10))
            : (ENTITIES[name] ?? all),
    );

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
