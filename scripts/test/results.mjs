import { markdownTable } from "markdown-table";

/**
 * The results in Playwright's JSON report, without the tests that did not run. Their `suite` is
 * the project's name without `prefix`; those of other projects are left out.
 */
export function outcomes({ suites }, prefix) {
    const specs = (suite) => [
        ...(suite.specs ?? []),
        ...(suite.suites ?? []).flatMap(specs),
    ];
    return suites.flatMap(specs).flatMap(({ title, file, tests }) =>
        tests.flatMap(({ projectName, status, annotations, results }) => {
            const said = (wanted) =>
                annotations
                    .filter(({ type }) => type === wanted)
                    .map(({ description }) => description);
            const [reason] = said("skip");
            const outcome = OUTCOMES[status];
            const isSecond = status === "flaky" ? ["only in a second browser"] : [];
            if (!projectName.startsWith(prefix) || (!reason && !outcome)) return [];
            return {
                suite: projectName.slice(prefix.length),
                name: title,
                file,
                outcome: reason ? `n/a: ${reason}` : outcome,
                notes: [...said("note"), ...isSecond],
                browser: said("browser"),
                seconds: results.reduce((sum, it) => sum + it.duration / 1000, 0),
            };
        }),
    );
}

/** By Playwright's status. */
const OUTCOMES = { expected: "passed", flaky: "passed", unexpected: "failed" };

/** A row for each test, a column for each of `columns`, and the notes of the tests below. */
export function table(results, columns, none) {
    const notes = [...new Set(results.flatMap((result) => result.notes))];
    const cell = (result) => {
        const marks = (result?.notes ?? []).map((text) => `[${notes.indexOf(text) + 1}]`);
        return [result?.outcome ?? none, ...marks].join(" ");
    };
    const rows = byName(results, columns).map(([name, ...found]) => [
        name,
        ...found.map(cell),
    ]);
    const text = markdownTable([["", ...columns], ...rows], { alignDelimiters: false });
    return [text, notes.map((note, i) => `${i + 1}. ${note}`).join("\n")]
        .join("\n\n")
        .trim();
}

/** The number of cells with a failed or missing test. */
export function shortcomings(results, columns) {
    const cells = byName(results, columns).flatMap(([, ...found]) => found);
    return cells.filter((it) => !it || it.outcome === "failed").length;
}

function byName(results, columns) {
    const names = [...new Set(results.map(({ name }) => name))];
    return names.map((name) => [
        name,
        ...columns.map((it) => results.find((r) => r.name === name && r.suite === it)),
    ]);
}
