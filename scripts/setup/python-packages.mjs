import { existsSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, pythonOf, root, venvPython } from "../paths.mjs";
import { logged, output } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { fingerprint, Stamp } from "../run/stamp.mjs";

/**
 * The virtual environments by name: "docs" is .venv-docs with requirements-docs.txt. `pythons` are
 * the oldest and the newest Python 3 that it runs on. Where tests shall cover a range, `prefer` is
 * an end of it; elsewhere the usual Python comes first. A named `program` is the only choice.
 */
const ENVIRONMENTS = {
    "": { what: "OctoPrint and the Python tools", pythons: [9, 13] },
    docs: { what: "the tools for the documentation", pythons: [10, 14] },
    audit: { what: "pip-audit", pythons: [10, 14] },
    plots: { what: "matplotlib", pythons: [9, 13] },
    // The oldest Home Assistant with device-based discovery needs 3.12.
    homeassistant: {
        what: "Home Assistant",
        pythons: [12, 13],
        prefer: "newest",
        program: process.env.HOMEASSISTANT_PYTHON ?? "",
        remedy: ", or name one in HOMEASSISTANT_PYTHON",
    },
    "octoprint-1.10.2": { what: "OctoPrint 1.10.2", pythons: [9, 12], prefer: "oldest" },
    "octoprint-1.11.8": { what: "OctoPrint 1.11.8", pythons: [9, 13] },
    "octoprint-2.0.0rc7": {
        what: "OctoPrint 2.0.0rc7",
        pythons: [9, 14],
        prefer: "newest",
    },
};

export const octoprintVersions = Object.keys(ENVIRONMENTS)
    .filter((name) => name.startsWith("octoprint-"))
    .map((name) => name.slice("octoprint-".length));

/** Oldest and newest version of paho-mqtt; OctoPrint-MQTT 0.8 requires the oldest. */
const PAHOS = ["1.6.1", "2.2.0"];

const ending = (name) => (name ? `-${name}` : "");

/** The Python of the environment with this OctoPrint. */
export const pythonWith = (version) => pythonOf(join(root, `.venv-octoprint-${version}`));

/** OctoPrint, the test runner and the linters. */
export const installPythonPackages = () => installVenv("");

/** Makes a virtual environment, unless there is one with these requirements; returns its Python. */
export async function installVenv(name) {
    const { what, program: choice } = ENVIRONMENTS[name];
    const folder = join(root, `.venv${ending(name)}`);
    const file = fileURLToPath(
        new URL(`requirements${ending(name)}.txt`, import.meta.url),
    );
    const python = pythonOf(folder);
    const inputs = fingerprint([file], choice === undefined ? [] : [choice]);
    const stamp = new Stamp(join(folder, ".requirements-sha256"), inputs);
    // It breaks if its Python is upgraded or its folder is moved.
    const works = (await output(python, ["-m", "pip", "--version"])) !== null;
    if (works && stamp.isCurrent) return python;
    console.log(`Installing ${what} in ${relative(root, folder)} (a minute) ...`);
    // One that works is kept, unless another Python was chosen: there may be no network.
    if (!works || choice !== undefined) {
        const program = await findPython(name);
        rmSync(folder, { recursive: true, force: true });
        await logged(program, ["-m", "venv", folder], {
            log: "python-venv",
            failure: `The Python environment ${folder} could not be created.`,
        });
    }
    await logged(python, pip("install", "--requirement", file), {
        log: "python-packages",
        failure:
            `${what} could not be installed ` +
            "(some packages need a C compiler and Python's headers).",
    });
    stamp.write();
    return python;
}

/** Installs every OctoPrint whose Python there is; returns their versions. */
export async function installOctoPrints() {
    const installed = [];
    for (const version of octoprintVersions) {
        try {
            await installVenv(`octoprint-${version}`);
            installed.push(version);
        } catch (error) {
            if (!(error instanceof Failure)) throw error;
            console.log(`OctoPrint ${version} is not tried: ${error.message}`);
        }
    }
    return installed;
}

/** Folders for PYTHONPATH, each with one version of paho-mqtt, by version. */
export async function installPahos() {
    const folders = {};
    for (const version of PAHOS) {
        const folder = join(cache, "python", `paho-mqtt-${version}`);
        folders[version] = folder;
        if (existsSync(join(folder, "paho"))) continue;
        const args = ["--no-deps", "--upgrade", "--target", folder];
        await logged(venvPython, pip("install", ...args, `paho-mqtt==${version}`), {
            log: `paho-mqtt-${version}`,
            failure: `paho-mqtt ${version} could not be installed.`,
        });
    }
    return folders;
}

/** The name of a Python that an environment can be made from. */
export async function findPython(name = "") {
    const { pythons, remedy = "", ...wanted } = ENVIRONMENTS[name];
    const [oldest, newest] = pythons;
    const code = "import ensurepip, sys, venv; print(sys.version_info[1])";
    const others = new Set();
    for (const program of candidates(pythons, wanted)) {
        const version = Number((await output(program, ["-c", code])) ?? 0);
        if (version >= oldest && version <= newest) return program;
        if (version) others.add(`3.${version}`);
    }
    const found = others.size ? ` (only ${[...others].join(", ")} was found)` : "";
    throw new Failure(
        `Python 3.${oldest} to 3.${newest} with its venv module is missing${found}: install ` +
            `it (Debian: python3, python3-venv)${remedy}, then run this again.`,
    );
}

function candidates([oldest, newest], { program, prefer }) {
    if (program) return [program];
    const versions = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i);
    if (prefer !== "oldest") versions.reverse();
    const all = versions.flatMap((it) => [`python3.${it}`, ...pyenvPythons(it)]);
    const usual = ["python3", "python"];
    return prefer ? [...all, ...usual] : [...usual, ...all];
}

/** What pyenv has of a minor version; only the chosen one of all is on PATH. */
function pyenvPythons(minor) {
    const folder = join(process.env.PYENV_ROOT || join(homedir(), ".pyenv"), "versions");
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names
        .filter((name) => name.startsWith(`3.${minor}.`))
        .map((name) => join(folder, name, "bin", "python"));
}

/** Arguments that keep pip from using a package index. */
export const offline = ["--no-deps", "--no-build-isolation", "--no-index"];

/** Arguments for Python that run pip quietly. */
export function pip(...args) {
    return ["-m", "pip", "--disable-pip-version-check", "--no-input", ...args];
}
