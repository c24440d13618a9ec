import { join } from "node:path";
import { pythonOf, root } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { findPython } from "./prerequisites.mjs";
import { pyenvPythons } from "./pyenv.mjs";
import { installVenv } from "./python-packages.mjs";

const named = (...versions) => versions.map((version) => `python${version}`);

/**
 * The tested versions of OctoPrint, and the versions of Python for each: if there is a choice, the
 * oldest OctoPrint gets the oldest Python and the newest one the newest.
 */
const OCTOPRINTS = {
    "1.10.2": {
        programs: () => [
            ...named("3.9", "3.10"),
            ...pyenvPythons().reverse(),
            ...named("3.11", "3.12"),
            "python3",
        ],
        newest: [3, 12],
    },
    "1.11.8": {
        programs: () => ["python3", ...named("3.12", "3.11", "3.13"), ...pyenvPythons()],
        newest: [3, 13],
    },
    "2.0.0rc7": {
        programs: () => [...named("3.14", "3.13", "3.12"), ...pyenvPythons(), "python3"],
        newest: [3, 14],
    },
};

export const octoprintVersions = Object.keys(OCTOPRINTS);

/** The Python of the environment with this OctoPrint. */
export const pythonWith = (version) => pythonOf(join(root, `.venv-octoprint-${version}`));

/**
 * Makes a virtual environment for each OctoPrint that can be installed here, and prints why the
 * others cannot.
 *
 * @returns {Promise<string[]>} the versions that there are
 */
export async function installOctoPrints() {
    const installed = [];
    for (const version of octoprintVersions) {
        try {
            await install(version);
            installed.push(version);
        } catch (error) {
            if (!(error instanceof Failure)) throw error;
            console.log(`OctoPrint ${version} is not tried: ${error.message}`);
        }
    }
    return installed;
}

async function install(version) {
    const { programs, newest } = OCTOPRINTS[version];
    const wanted = { programs: programs(), oldest: [3, 9], newest, remedy: "install it" };
    await installVenv(join(root, `.venv-octoprint-${version}`), {
        requirements: `requirements-octoprint-${version}.txt`,
        what: `OctoPrint ${version}`,
        takes: "about a minute",
        find: () => findPython(wanted),
        choice: [],
    });
}
