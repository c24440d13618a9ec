/**
 * A Markdown table with a row for each case, a column for each of `columns`, and the notes of the
 * tests below it.
 *
 * @param {{suite: string, name: string, outcome: string, notes: string[]}[]} results
 * @param {string[]} columns the names of the suites
 * @param {string} none text for a missing result
 */
export function table(results, columns, none) {
    const cases = [...new Set(results.map(({ name }) => name))];
    const notes = [];
    const marked = (name, column) => {
        const result = find(results, name, column);
        const marks = (result?.notes ?? []).map((text) => {
            if (!notes.includes(text)) notes.push(text);
            return `[${notes.indexOf(text) + 1}]`;
        });
        return [result?.outcome ?? none, ...marks].join(" ");
    };
    const row = (cells) => `| ${cells.join(" | ")} |`;
    const lines = [
        row(["", ...columns]),
        row(["---", ...columns.map(() => "---")]),
        ...cases.map((name) => row([name, ...columns.map((it) => marked(name, it))])),
    ];
    if (notes.length) lines.push("", ...notes.map((text, i) => `${i + 1}. ${text}`));
    return lines.join("\n");
}

/** The number of cells with a failed or missing test. */
export function shortcomings(results, columns) {
    const cases = [...new Set(results.map(({ name }) => name))];
    const cells = cases.flatMap((name) => columns.map((it) => find(results, name, it)));
    return cells.filter((it) => !it || it.outcome === "failed").length;
}

function find(results, name, column) {
    return results.find((it) => it.name === name && it.suite === column);
}
