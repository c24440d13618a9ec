/**
 * A reporter for `node --test`: one line of JSON for each test that is in a suite, with the
 * names of both, what came of it, and what the test has to say.
 */
export default async function* reporter(events) {
    let suite = null;
    let test = null;
    for await (const { type, data } of events) {
        if (type === "test:start" && data.nesting === 0) suite = data.name;
        // What a test says comes after what came of it.
        if (type === "test:diagnostic" && data.nesting === 1 && test) {
            test.notes.push(data.message);
            continue;
        }
        if (test) yield `${JSON.stringify(test)}\n`;
        test = null;
        if ((type === "test:pass" || type === "test:fail") && data.nesting === 1) {
            test = { suite, name: data.name, outcome: outcome(type, data), notes: [] };
        }
    }
    if (test) yield `${JSON.stringify(test)}\n`;
}

function outcome(type, { skip }) {
    if (type === "test:fail") return "failed";
    return skip === undefined || skip === false ? "passed" : `n/a: ${skip}`;
}
