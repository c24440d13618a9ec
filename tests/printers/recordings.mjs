// What printers said, as OctoPrint's page hears of it; see tests/data/printers.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, venvPython } from "../../scripts/paths.mjs";

const folder = join(root, "tests", "data", "printers");

/** The folder's recordings: parts of the printer profile by name. */
const profiles = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));

export const names = Object.keys(profiles);

/** The file of a recording. */
export const fileOf = (name) => join(folder, `${name}.lines`);

/** The printer profile of a recording, as the module takes it. */
export const profileOf = (name) => {
    const { tools = 1, bed = true, chamber = false } = profiles[name];
    return { tools, bed, chamber };
};

/**
 * OctoPrint's messages of recordings, by their names: objects with the `message` and `at`, the
 * second of the recording.
 */
export function readRecordings(wanted = names) {
    const asked = wanted.map((it) => ({ file: fileOf(it), profile: profiles[it] }));
    const text = execFileSync(venvPython, ["-m", "tests.printers.messages"], {
        cwd: root,
        input: JSON.stringify(asked),
        maxBuffer: 1e9,
    });
    const messages = JSON.parse(text);
    return Object.fromEntries(wanted.map((it, i) => [it, messages[i]]));
}

/** What a module that follows this printer is, while `use` has it. */
function withCore(wasm, name, settings, use) {
    const core = new wasm.TempEta(() => {});
    try {
        core.configure(settings);
        core.equip(profileOf(name));
        return use(core);
    } finally {
        // Its ticker would keep this process alive.
        core.free();
    }
}

/** What the module shows at second `at`. */
function look(core, at) {
    const { heaters, printer } = core.snapshot(1000 * at);
    return {
        at,
        rows: Object.fromEntries(heaters.map((it) => [it.heater, it])),
        printer,
    };
}

const isArrival = ({ kind }) => ["target_reached", "cooled_down"].includes(kind);

/**
 * Plays a recording to the module and looks at it once a second. `moments` are the snapshots,
 * with the second `at` and the rows by heater in `rows`; `arrivals` are among the events of `ingest`, `taught`
 * the heaters that something was learned from, `reported` what the printer has reported.
 */
export const play = (wasm, name, messages, settings) =>
    withCore(wasm, name, settings, (core) => {
        const [moments, arrivals, taught] = [[], [], []];
        const pending = [...messages];
        const end = Math.ceil(messages.at(-1).at) + 1;
        for (let at = 0; at <= end; at++) {
            while (pending.length && pending[0].at <= at) {
                const { at: heard, message } = pending.shift();
                const events = core.ingest(message, 1000 * heard);
                arrivals.push(...events.filter(isArrival));
                taught.push(...core.taught().map(({ heater }) => heater));
            }
            moments.push(look(core, at));
        }
        return { name, moments, arrivals, taught, reported: core.reported() };
    });

/** What a page shows that is opened at second `at` of a recording: it gets a history. */
export const openAt = (at, wasm, name, messages, settings) =>
    withCore(wasm, name, settings, (core) => {
        const heard = messages.filter((it) => it.at <= at);
        const last = heard.at(-1);
        const temps = heard.flatMap(({ message }) => message.temps);
        core.ingest({ ...last.message, temps }, 1000 * last.at);
        return look(core, at);
    });
