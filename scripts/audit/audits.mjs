import { join } from "node:path";
import { root } from "../paths.mjs";
import { answer } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { npm } from "../setup/npm-packages.mjs";
import { checkPrerequisites } from "../setup/prerequisites.mjs";
import { installVenv } from "../setup/python-packages.mjs";
import { installAuditor } from "../setup/rust.mjs";

/**
 * What is audited: `run` resolves to what was `found`, a line each, or to the `problem` that kept
 * the tool from running. All of them get their advisories from the network.
 */
export const audits = [
    { name: "npm packages (package-lock.json)", run: auditNpm },
    ...["Cargo.lock", join("fuzz", "Cargo.lock")].map((lock) => ({
        name: `Rust crates (${lock})`,
        run: () => auditCrates(lock),
    })),
    ...["", "-docs", "-plots"].map((ending) => ({
        name: `Python packages (requirements${ending}.txt)`,
        run: () => auditPython(join("scripts", "setup", `requirements${ending}.txt`)),
    })),
];

async function auditNpm() {
    const [program, args] = npm();
    return report(program, [...args, "audit", "--json"], readNpm);
}

async function auditCrates(lock) {
    const setUp = async () => {
        await checkPrerequisites();
        await installAuditor();
    };
    // A clone of RustSec's database, for a machine that cannot get it now.
    const database = process.env.TEMP_ETA_ADVISORIES;
    const how = database ? ["--db", database, "--no-fetch", "--stale"] : [];
    const args = ["audit", "--json", ...how, "--file", join(root, lock)];
    return (await failure(setUp)) ?? report("cargo", args, readCargo);
}

/** Only packages that are named with their version: pip chooses the others anew each time. */
async function auditPython(file) {
    let python;
    const problem = await failure(async () => {
        python = await installVenv("audit");
    });
    // Without "--disable-pip", it would install all of them to see what they are.
    const how = ["--format", "json", "--progress-spinner", "off", "--no-deps"];
    const args = ["-m", "pip_audit", ...how, "--disable-pip", "--requirement", file];
    return problem ?? report(python, args, readPip);
}

async function failure(setUp) {
    try {
        await setUp();
    } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return { problem: error.message };
    }
}

/** Runs a tool whose JSON `read` understands; without any, its last line says why. */
async function report(program, args, read) {
    const { text, errors } = await answer(program, args);
    try {
        return read(JSON.parse(text));
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        const lines = errors.split("\n").filter((line) => /\S/.test(line));
        return { problem: lines.at(-1)?.trim() ?? `${program} has printed no report` };
    }
}

export function readNpm({ message, vulnerabilities }) {
    if (!vulnerabilities) return { problem: message ?? "npm has printed no report" };
    const all = Object.values(vulnerabilities);
    return {
        found: all.map(({ name, severity, range }) => `${name} ${range} (${severity})`),
    };
}

export function readCargo({ vulnerabilities, warnings }) {
    const all = [vulnerabilities.list, ...Object.values(warnings)].flat();
    const found = all.map(({ kind, package: { name, version }, advisory }) => {
        const what = advisory ? `${advisory.id}, ${advisory.title}` : kind;
        return `${name} ${version} (${what})`;
    });
    return { found };
}

export function readPip({ dependencies }) {
    const found = dependencies.flatMap(({ name, version, vulns = [] }) =>
        vulns.map(({ id }) => `${name} ${version} (${id})`),
    );
    // pip-audit takes what it cannot look up for free of vulnerabilities.
    const skipped = dependencies.filter((it) => it.skip_reason);
    return { problem: skipped[0]?.skip_reason, found };
}
