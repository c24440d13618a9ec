import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cache, root } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { installFuzzer } from "../setup/rust.mjs";

const folder = join(root, "fuzz");
const corpora = join(folder, "corpus");

/** The targets in fuzz/targets. */
export const corpusTargets = readdirSync(join(folder, "targets"))
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
    await installFuzzer();
    const [old, found, kept] = ["old", "found", "kept"].map((name) =>
        emptied(join(cache, "fuzz", target, name)),
    );
    unpack(target, old);
    const limits = ["-timeout=60", "-rss_limit_mb=512"];
    // No sanitizer, as the core has no unsafe code.
    const run = ["fuzz", "run", target, "--features", "libfuzzer", "--sanitizer", "none"];
    const fuzz = (folders, options) =>
        shown("cargo", ["+nightly", ...run, ...folders, "--", ...limits, ...options]);
    const { code, text } = await fuzz(
        [found, old],
        [`-max_len=${MAX_LENGTH}`, `-max_total_time=${seconds}`, "-print_final_stats=1"],
    );
    if (code !== 0) {
        throw new Failure(
            `${target} has failed: the input is in fuzz/artifacts/${target}.`,
        );
    }
    const smallest = [`-max_len=${MAX_KEPT_LENGTH}`, "-set_cover_merge=1"];
    const merged = await fuzz([kept, found, old], smallest);
    const count = /number_of_executed_units: (\d+)/.exec(text)?.[1];
    if (merged.code !== 0 || !count) {
        throw new Failure(`The inputs of ${target} could not be counted or stored.`);
    }
    pack(target, kept);
    return Number(count);
}

function emptied(path) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    return path;
}

/** A corpus is one file with an input per line in hex, as thousands of files slow git down. */
function unpack(target, into) {
    const lines = readFileSync(join(corpora, `${target}.txt`), "utf8").split("\n");
    for (const [index, line] of lines.filter(Boolean).entries()) {
        writeFileSync(join(into, String(index)), Buffer.from(line, "hex"));
    }
}

function pack(target, from) {
    const inputs = readdirSync(from).map((name) => readFileSync(join(from, name), "hex"));
    const lines = inputs.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
    writeFileSync(join(corpora, `${target}.txt`), `${lines.join("\n")}\n`);
}
