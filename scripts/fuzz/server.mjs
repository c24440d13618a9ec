import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, venvPython } from "../paths.mjs";
import { shown } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";

/** The files with properties of the server's side, by target: tests/mqtt/test_fuzz_broker.py. */
const FILES = Object.fromEntries(
    ["plugin", "mqtt"].flatMap((folder) =>
        readdirSync(join(root, "tests", folder))
            .map((file) => [/^test_fuzz_(.+)\.py$/.exec(file)?.[1], file])
            .filter(([name]) => name)
            .map(([name, file]) => [name, join("tests", folder, file)]),
    ),
);

export const serverTargets = Object.keys(FILES).sort();

/**
 * Lets Hypothesis search for inputs that break a property, with the real objects.
 *
 * @param {string} target
 * @param {number} seconds for all properties in the file
 * @returns {Promise<number>} number of inputs
 */
export async function fuzzServer(target, seconds) {
    const file = FILES[target];
    const properties = readFileSync(join(root, file), "utf8").match(/^def test_/gm);
    const { code, text } = await shown(
        venvPython,
        ["-m", "pytest", "-q", "-s", "--show-capture=no", file],
        { env: { TEMP_ETA_FUZZ: String(seconds / properties.length) } },
    );
    if (code !== 0) {
        throw new Failure(
            `${target} has failed: add the example to \`known\` in ${file}.`,
        );
    }
    const counts = [...text.matchAll(/^\w+: (\d+) inputs$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
