import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";

const demoPrinter = fileURLToPath(new URL("demo_printer.py", import.meta.url));

/** Targets that the demo printer sets itself, in °C. */
const DEMO_TARGETS = { bed: 60, tool0: 210 };

/** Refuses every connection. */
const NOWHERE = "http://127.0.0.1:1/";

/**
 * Writes a new OctoPrint base folder: one virtual printer with a tool, a bed and a chamber, no
 * setup wizard, and no requests to other hosts.
 */
export function writeBasedir(basedir, options) {
    const { apiKey, heat, timeScale, bundle, config, plugins } = options;
    clear(basedir);
    mkdirSync(join(basedir, "logs"), { recursive: true });
    for (const plugin of [demoPrinter, ...plugins]) {
        cpSync(plugin, join(basedir, "plugins", basename(plugin)), { recursive: true });
    }
    const targets = heat === true ? DEMO_TARGETS : heat || {};
    // JSON is valid YAML.
    const write = (name, value) =>
        writeFileSync(join(basedir, name), JSON.stringify(value, null, 2));
    write("config.yaml", merge(settings({ targets, timeScale, bundle }), config));
    write("users.yaml", users(apiKey));
    // What the Plugin Manager would request first: each failure adds a traceback to the log.
    const pluginManager = join("data", "pluginmanager");
    mkdirSync(join(basedir, pluginManager), { recursive: true });
    write(join(pluginManager, "plugins.json"), []);
    write(join(pluginManager, "notices.json"), []);
}

function settings({ targets, timeScale, bundle }) {
    return {
        accessControl: {
            autologinLocal: true,
            autologinAs: "admin",
            autologinHeadsupAcknowledged: true,
        },
        // OctoPrint puts plugins' panels below the list of files.
        appearance: {
            components: {
                order: { sidebar: ["connection", "state", "plugin_temp_eta", "files"] },
            },
        },
        devel: { webassets: { bundle } },
        plugins: {
            _disabled: [
                "achievements",
                "announcements",
                "discovery",
                "errortracking",
                "health_check",
                "softwareupdate",
                "tracking",
            ],
            demo_printer: { targets, time_scale: timeScale },
            pluginmanager: { repository: NOWHERE, notices: NOWHERE },
            virtual_printer: {
                enabled: true,
                numExtruders: 1,
                hasBed: true,
                hasChamber: true,
            },
        },
        // OctoPrint adds the rest when it makes the printer profile from this.
        printerProfiles: {
            defaultProfile: { name: "Demo printer", heatedChamber: true },
        },
        serial: { autoconnect: true, port: "VIRTUAL", baudrate: 0 },
        server: {
            firstRun: false,
            // Otherwise the next start after a kill is in safe mode, without our plugin.
            ignoreIncompleteStartup: true,
            // OctoPrint counts as online: finding out that it is not takes six seconds at each start.
            onlineCheck: { enabled: false },
            pluginBlacklist: { enabled: false },
            pythonEolCheck: { enabled: false },
            seenWizards: { corewizard: 4 },
        },
        webcam: { timelapseEnabled: false },
    };
}

/** One administrator without a usable password: the page logs in automatically. */
function users(apiKey) {
    return {
        _version: 2,
        admin: {
            active: true,
            apikey: apiKey,
            groups: ["admins", "users"],
            password: "$argon2id$none",
            permissions: [],
            settings: {},
        },
    };
}

function clear(basedir) {
    // Keeps a wrong path from deleting someone's folder.
    const strangers = existsSync(basedir) && readdirSync(basedir).length > 0;
    // A run that was killed may have left half of one of ours.
    const isOurs = basedir.startsWith(join(cache, "/"));
    if (strangers && !isOurs && !existsSync(join(basedir, "users.yaml"))) {
        throw new Failure(`${basedir} is not empty and does not belong to OctoPrint.`);
    }
    rmSync(basedir, { recursive: true, force: true });
}

/** Merges changes: values are replaced, lists extended, and functions called with the value. */
function merge(base, changes) {
    const merged = { ...base };
    for (const [key, value] of Object.entries(changes)) {
        const known = base[key];
        if (isObject(value) && isObject(known)) merged[key] = merge(known, value);
        else if (typeof value === "function") merged[key] = value(known);
        else if (Array.isArray(known)) merged[key] = [...known, ...value];
        else merged[key] = value;
    }
    return merged;
}

function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
