import { readFileSync } from "node:fs";
import os from "node:os";
import { venvPython } from "../paths.mjs";
import { output } from "../run/command.mjs";

/** Parts of the checkout that do not affect the figures. */
const ELSEWHERE = [":(exclude)docs", ":(exclude)fuzz", ":(exclude)tests"];

/** The machine and the software, a line for each. */
export async function environment(chrome) {
    const [cpu] = os.cpus();
    const rust = await output("rustc", ["--version"]);
    const version = await output(venvPython, ["-m", "octoprint", "--version"]);
    const octoprint = version.replace("octoprint, version", "OctoPrint");
    const python = await output(venvPython, ["--version"]);
    return [
        `${cpu.model}, ${os.cpus().length} cores, ${memory()}; ${system()}`,
        `load average at the start: ${os.loadavg()[0].toFixed(1)}`,
        `${await output(chrome, ["--version"])}; Node ${process.version}; ${rust}`,
        `${octoprint} on ${python}`,
        `the plugin of ${await commit()}, on ${new Date().toISOString().slice(0, 10)}`,
    ];
}

function memory() {
    return `${Math.round(os.totalmem() / 1e9)} GB`;
}

function system() {
    const text = readFileSync("/etc/os-release", "utf8");
    const [, name] = /^PRETTY_NAME="(.+)"$/m.exec(text);
    return `${name}, ${os.type()} ${os.release()}`;
}

async function commit() {
    const head = await output("git", ["rev-parse", "--short=8", "HEAD"]);
    const changed = await output("git", [
        "status",
        "--porcelain",
        "--",
        ".",
        ...ELSEWHERE,
    ]);
    return `commit ${head}${changed ? ", with changes" : ""}`;
}
