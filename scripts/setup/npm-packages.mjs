import { join } from "node:path";
import { nodeModules, onWindows, root } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { fingerprint, Stamp } from "../run/stamp.mjs";

/** Installs the packages of package-lock.json. */
export async function installNpmPackages() {
    const lock = join(root, "package-lock.json");
    const stamp = new Stamp(join(nodeModules, ".lock-sha256"), fingerprint([lock]));
    if (stamp.isCurrent) {
        return;
    }
    console.log("Installing npm packages ...");
    const [program, args] = npm();
    await logged(program, [...args, "ci", "--no-audit", "--no-fund"], {
        log: "npm-packages",
        failure: "The npm packages could not be installed (npm ci).",
    });
    stamp.write();
}

/** The command for npm without a shell. */
export function npm() {
    const script = process.env.npm_execpath;
    if (script?.endsWith(".js")) {
        return [process.execPath, [script]];
    }
    return [onWindows ? "npm.cmd" : "npm", []];
}
