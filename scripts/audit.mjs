import { audits } from "./audit/audits.mjs";

// npm run audit -- [--strict]
export default async function audit() {
    // With --strict, what could not be run fails as well: a silent audit finds nothing.
    const strict = process.argv.includes("--strict");
    const lines = [];
    for (const { name, run } of audits) {
        console.log(`Auditing ${name} ...`);
        const { problem, found = [] } = await run();
        const result = found.length ? `${found.length} found` : "nothing found";
        lines.push(`${name}: ${problem ? `NOT RUN: ${problem}` : result}`);
        lines.push(...found.map((it) => `    ${it}`));
        if (found.length || (problem && strict)) process.exitCode = 1;
    }
    console.log(`\n${lines.join("\n")}`);
}
