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
    const args = ["audit", "--json", "--file", join(root, lock)];
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

/** Runs a tool whose JSON `read` turns into lines; it throws if that is no report. */
async function report(program, args, read) {
    const { text, errors } = await answer(program, args);
    try {
        return { found: read(JSON.parse(text)) };
    } catch {
        const lines = errors.split("\n").filter((line) => /\S/.test(line));
        // The cause is in the last one, after those that say what it wanted to do.
        return { problem: lines.at(-1)?.trim() ?? `${program} has printed no report` };
    }
}

export function readNpm({ vulnerabilities }) {
    return Object.values(vulnerabilities).map(
        ({ name, severity, range }) => `${name} ${range} (${severity})`,
    );
}

export function readCargo({ vulnerabilities, warnings }) {
    const all = [vulnerabilities.list, ...Object.values(warnings)].flat();
    return all.map(({ kind, package: { name, version }, advisory }) => {
        const what = advisory ? `${advisory.id}, ${advisory.title}` : kind;
        return `${name} ${version} (${what})`;
    });
}

export function readPip({ dependencies }) {
    return dependencies.flatMap(({ name, version, vulns }) =>
        // One that was skipped has none, which would look like nothing found.
        vulns.map(({ id }) => `${name} ${version} (${id})`),
    );
}
