import { readFileSync } from "node:fs";
import os from "node:os";
import { markdownTable } from "markdown-table";
import { venvPython } from "../paths.mjs";
import { output } from "../run/command.mjs";

/** Parts of the checkout that do not affect the figures. */
const ELSEWHERE = [":(exclude)docs", ":(exclude)fuzz", ":(exclude)tests"];

/** The machine and the software, a line for each. */
export async function environment(chrome) {
    const [cpu] = os.cpus();
    const release = readFileSync("/etc/os-release", "utf8");
    const [, system] = /^PRETTY_NAME="(.+)"$/m.exec(release);
    const version = await output(venvPython, ["-m", "octoprint", "--version"]);
    const commit = await output("git", ["rev-parse", "--short=8", "HEAD"]);
    const changed = await output("git", [
        ...["status", "--porcelain", "--", "."],
        ...ELSEWHERE,
    ]);
    return [
        `${cpu.model}, ${os.cpus().length} cores, ${(os.totalmem() / 1e9).toFixed(0)} GB; ` +
            `${system}, ${os.type()} ${os.release()}`,
        `load average at the start: ${os.loadavg()[0].toFixed(1)}`,
        `${await output(chrome, ["--version"])}; Node ${process.version}; ` +
            (await output("rustc", ["--version"])),
        `${version.replace("octoprint, version", "OctoPrint")} on ` +
            (await output(venvPython, ["--version"])),
        `the plugin of commit ${commit}${changed ? ", with changes" : ""}, ` +
            `on ${new Date().toISOString().slice(0, 10)}`,
    ]
        .map((line) => `- ${line}`)
        .join("\n");
}

/**
 * A Markdown table; a missed aim has the number of its explanation.
 *
 * @param {{what: string, where: string, figure: string, aim?: string, met?: boolean,
 *     why?: string}[]} rows `where`: machine or browser, and conditions
 */
export function table(rows) {
    const missed = rows.filter(({ met }) => met === false);
    const verdict = (row) => {
        if (row.met === undefined) return "";
        return row.met ? "met" : `missed [${missed.indexOf(row) + 1}]`;
    };
    const lines = rows.map((row) => [
        ...[row.what, row.where, row.figure, row.aim ?? ""],
        verdict(row),
    ]);
    const headings = ["What", "Where", "Figure", "Limit", ""];
    const notes = missed.map(({ why }, i) => `${i + 1}. ${why}`);
    const text = markdownTable([headings, ...lines], { alignDelimiters: false });
    return [text, notes.join("\n")].join("\n\n").trim();
}

/** "1.2 / 3.4" */
export function list(numbers, digits = 1) {
    return numbers.map((number) => number.toFixed(digits)).join(" / ");
}

/** "-1.0 to 2.5" */
export function range(numbers, digits = 1) {
    return `${Math.min(...numbers).toFixed(digits)} to ${Math.max(...numbers).toFixed(digits)}`;
}

export function kilobytes(bytes) {
    return `${(bytes / 1000).toFixed(1)} kB`;
}
