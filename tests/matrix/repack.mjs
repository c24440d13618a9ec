import { execFileSync } from "node:child_process";
import {
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { venvPython } from "../../scripts/paths.mjs";

const zipFolder = fileURLToPath(
    new URL("../../scripts/package/zip_folder.py", import.meta.url),
);

/**
 * Repacks the zip of a release as another version.
 *
 * @param {string} zip
 * @param {string} folder Where it is unpacked and written to; emptied first.
 * @param {string} version
 * @param {(content: string) => void} change Makes further changes to the unpacked wheel.
 */
export function repack(zip, folder, version, change) {
    rmSync(folder, { recursive: true, force: true });
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked, { recursive: true });
    run("-m", "zipfile", "-e", zip, unpacked);
    const inside = join(unpacked, readdirSync(unpacked)[0]);
    const wheel = readdirSync(inside).find((name) => name.endsWith(".whl"));

    const parts = join(folder, "wheel");
    run("-m", "wheel", "unpack", join(inside, wheel), "--dest", parts);
    const content = join(parts, readdirSync(parts)[0]);
    const info = readdirSync(content).find((name) => name.endsWith(".dist-info"));
    edit(join(content, info, "METADATA"), (text) =>
        text.replace(/^Version: .*$/m, `Version: ${version}`),
    );
    const renamed = `octoprint_tempeta-${version}.dist-info`;
    renameSync(join(content, info), join(content, renamed));
    change(content);

    rmSync(join(inside, wheel));
    run("-m", "wheel", "pack", content, "--dest-dir", inside);
    const file = join(folder, basename(zip));
    run(zipFolder, unpacked, file);
    return file;
}

/** Replaces a file's text by the result of `changed`. */
export function edit(file, changed) {
    writeFileSync(file, changed(readFileSync(file, "utf8")));
}

function run(...args) {
    try {
        execFileSync(venvPython, args, { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
        throw new Error(`${args.join(" ")}: ${error.stderr}`);
    }
}
