import {
    chmodSync,
    createReadStream,
    createWriteStream,
    existsSync,
    mkdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { tools } from "../paths.mjs";
import { logged } from "../run/command.mjs";
import { npm } from "./npm-packages.mjs";

/** The npm packages of old Chromiums, made for servers of Amazon's, by their versions. */
export const OLD_CHROMIUMS = {
    79: "chrome-aws-lambda@2.0.1",
    83: "chrome-aws-lambda@3.1.1",
    85: "chrome-aws-lambda@5.2.1",
    92: "chrome-aws-lambda@10.1.0",
};

const folder = (version) => join(tools, `chromium-${version}`);

/** Where the program of an old Chromium is, or would be. */
export const oldChromium = (version) => join(folder(version), "chromium");

/** Installs the old Chromiums where that is possible: they are for Linux on x64 only. */
export async function installOldChromiums() {
    if (process.platform !== "linux" || process.arch !== "x64") {
        console.log("Tests in old browsers are skipped: they need Linux on x64.");
        return;
    }
    for (const version of Object.keys(OLD_CHROMIUMS)) {
        if (existsSync(oldChromium(version))) continue;
        console.log(`Installing Chromium ${version} from npm (once, 40 MB) ...`);
        try {
            await install(version);
        } catch (error) {
            console.log(`${error.message} Its test is skipped.`);
        }
    }
}

async function install(version) {
    const place = folder(version);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    // Keeps npm from installing into the folders above.
    writeFileSync(join(place, "package.json"), '{ "private": true }\n');
    const [program, args] = npm();
    // Without its peer, a library that drives browsers, and without scripts.
    const flags = "--no-save --no-audit --no-fund --ignore-scripts --legacy-peer-deps";
    const what = OLD_CHROMIUMS[version];
    await logged(program, [...args, "install", ...flags.split(" "), what], {
        log: `chromium-${version}`,
        failure: `Chromium ${version} could not be installed (npm install ${what}).`,
        cwd: place,
    });
    const packages = join(place, "node_modules");
    const packed = join(packages, "chrome-aws-lambda", "bin", "chromium.br");
    const unpacked = join(place, "chromium.part");
    await pipeline(
        createReadStream(packed),
        createBrotliDecompress(),
        createWriteStream(unpacked),
    );
    chmodSync(unpacked, 0o755);
    rmSync(packages, { recursive: true });
    renameSync(unpacked, oldChromium(version));
}
