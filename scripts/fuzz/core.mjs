import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cache, root } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { checkPrerequisites } from "../setup/prerequisites.mjs";
import { installFuzzer } from "../setup/rust.mjs";

/** The targets in fuzz/targets. */
export const corpusTargets = readdirSync(join(root, "fuzz", "targets"))
    .map((file) => basename(file, ".rs"))
    .sort();

/** Maximum length of inputs, and of those kept in the corpus, in bytes. */
const MAX_LENGTH = 4096;
const MAX_KEPT_LENGTH = 512;

/**
 * Runs libFuzzer on a target with its corpus, and adds inputs that reach new code.
 *
 * @param {string} target
 * @param {number} seconds
 * @returns {Promise<number>} number of inputs
 */
export async function fuzzCore(target, seconds) {
    await checkPrerequisites();
    await installFuzzer();
    // One file with an input per line in hex, as thousands of files slow git down.
    const packed = join(root, "fuzz", "corpus", `${target}.txt`);
    const corpus = join(cache, "fuzz", target);
    rmSync(corpus, { recursive: true, force: true });
    mkdirSync(corpus, { recursive: true });
    for (const [i, line] of readFileSync(packed, "utf8").trim().split("\n").entries()) {
        writeFileSync(join(corpus, String(i)), Buffer.from(line, "hex"));
    }
    // No sanitizer, as the core has no unsafe code.
    const how = ["--features", "libfuzzer", "--sanitizer", "none"];
    const limits = ["-timeout=60", "-rss_limit_mb=512"];
    const fuzz = (command, ...options) => {
        const args = ["+nightly", "fuzz", command, ...how, target, corpus];
        return shown("cargo", [...args, "--", ...limits, ...options]);
    };
    const end = [`-max_total_time=${seconds}`, "-print_final_stats=1"];
    const { code, text } = await fuzz("run", `-max_len=${MAX_LENGTH}`, ...end);
    if (code !== 0) {
        throw new Failure(
            `${target} has failed: the input is in fuzz/artifacts/${target}.`,
        );
    }
    const smallest = await fuzz("cmin", `-max_len=${MAX_KEPT_LENGTH}`);
    const count = /number_of_executed_units: (\d+)/.exec(text)?.[1];
    if (smallest.code !== 0 || !count) {
        throw new Failure(`The inputs of ${target} could not be counted or stored.`);
    }
    const inputs = readdirSync(corpus).map((it) => readFileSync(join(corpus, it), "hex"));
    const lines = inputs.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    writeFileSync(packed, `${lines.join("\n")}\n`);
    return Number(count);
}
