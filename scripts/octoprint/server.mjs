import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { environment, venvPython } from "../paths.mjs";
import { Failure } from "../run/failure.mjs";
import { endGroup, isRunning, spawnGroup } from "../run/process-group.mjs";
import { until } from "../run/until.mjs";
import { writeBasedir } from "./config.mjs";
import { freePort, needFreePort } from "./port.mjs";

/**
 * Starts OctoPrint with the demo printer and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.basedir Folder of this OctoPrint; emptied first.
 * @param {number} [options.port] A free one if not given.
 * @param {string} [options.python] Python that has OctoPrint and the plugin.
 * @param {boolean|Record<string, number>} [options.heat] Targets that the printer sets
 *     itself, in °C by heater; `true` for those of the demo.
 * @param {number} [options.timeScale] How many times faster than real the heaters are.
 * @param {boolean} [options.bundle] Whether the page gets its scripts in bundles.
 * @param {object} [options.config] Changes to config.yaml.
 * @param {string[]} [options.plugins] Folders of additional plugins.
 * @param {Record<string, string>} [options.env] Added to its environment.
 * @param {boolean} [options.keep] Start with the folder as the last run left it.
 * @param {number} [options.timeoutMs]
 * @returns {Promise<{url: string, port: number, apiKey: string, basedir: string,
 *     pid: number, logFile: string, ended: Promise<number|null>,
 *     request: (path: string, init?: object) => Promise<Response>,
 *     api: (path: string, body?: object) => Promise<any>,
 *     patch: (path: string, body: object) => Promise<any>,
 *     put: (path: string, body: object) => Promise<any>,
 *     heat: (targets: Record<string, number>) => Promise<void>,
 *     useTools: (count: number) => Promise<void>,
 *     setTimeScale: (scale: number) => Promise<any>,
 *     coolBed: (by: number) => Promise<any>,
 *     state: () => Promise<string>,
 *     settings: () => Promise<Record<string, any>>,
 *     configure: (changes: Record<string, any>) => Promise<any>,
 *     stop: (how?: {graceMs: number}) => Promise<void>}>}
 *     `heat` sets targets, in °C by heater, and `coolBed` takes °C from the bed at once; `state` is
 *     the printer's, such as "Operational"; `settings` and `configure` are of the plugin. A heat-up
 *     whose time scale changes by much is not learned: a part of it seems to stand still.
 */
export async function startOctoPrint({
    basedir,
    port,
    python = venvPython,
    heat = false,
    timeScale = 1,
    bundle = true,
    config = {},
    plugins = [],
    env = {},
    keep = false,
    apiKey = randomBytes(16).toString("hex"),
    timeoutMs = 90_000,
}) {
    if (port) {
        await needFreePort(port);
    }
    const chosen = port || (await freePort());
    if (!keep) {
        writeBasedir(basedir, { apiKey, heat, timeScale, bundle, config, plugins });
    }
    const consoleFile = join(basedir, "logs", "console.log");
    const child = serve({ python, basedir, port: chosen, env, consoleFile });
    const ended = new Promise((resolve) => {
        child.once("error", () => resolve(null));
        child.once("exit", resolve);
    });
    const url = `http://127.0.0.1:${chosen}/`;
    try {
        await answer(url, child, timeoutMs, consoleFile);
    } catch (error) {
        await endGroup(child);
        throw error;
    }
    const request = (path, { headers, ...init } = {}) =>
        fetch(url + path, { headers: { "X-Api-Key": apiKey, ...headers }, ...init });
    const api = (path, body) => callApi(request, body ? "POST" : "GET", path, body);
    const put = (path, body) => callApi(request, "PUT", path, body);
    const patch = (path, body) => callApi(request, "PATCH", path, body);
    const octoprintLog = join(basedir, "logs", "octoprint.log");
    return {
        url,
        port: chosen,
        apiKey,
        basedir,
        pid: child.pid,
        logFile: existsSync(octoprintLog) ? octoprintLog : consoleFile,
        ended,
        request,
        api,
        patch,
        put,
        heat: async ({ bed, chamber, ...tools }) => {
            const set = (part, target) =>
                api(`printer/${part}`, { command: "target", ...target });
            if (Object.keys(tools).length > 0) await set("tool", { targets: tools });
            if (bed !== undefined) await set("bed", { target: bed });
            if (chamber !== undefined) await set("chamber", { target: chamber });
        },
        useTools: (count) => {
            const offsets = Array.from({ length: count }, () => [0, 0]);
            const extruder = { count, offsets };
            return patch("printerprofiles/_default", { profile: { extruder } });
        },
        setTimeScale: (time_scale) =>
            api("settings", { plugins: { demo_printer: { time_scale } } }),
        coolBed: (by) => api("plugin/demo_printer", { command: "cool_bed", by }),
        state: async () => (await api("connection")).current.state,
        settings: async () => (await api("settings")).plugins.temp_eta,
        configure: (changes) => api("settings", { plugins: { temp_eta: changes } }),
        stop: (how) => endGroup(child, how),
    };
}

function serve({ python, basedir, port, env, consoleFile }) {
    const args = ["-m", "octoprint", "serve", "--basedir", basedir];
    args.push("--host", "127.0.0.1", "--port", String(port));
    if (process.getuid?.() === 0) {
        // OctoPrint refuses to run as root without; in containers there is no one else.
        args.push("--iknowwhatimdoing");
    }
    const handle = openSync(consoleFile, "a");
    const child = spawnGroup(python, args, {
        // Python imports from its current folder: the plugin must come from the venv.
        cwd: basedir,
        env: environment({ PYTHONUNBUFFERED: "1", ...env }),
        stdio: ["ignore", handle, handle],
    });
    closeSync(handle);
    return child;
}

async function answer(url, child, timeoutMs, log) {
    const answers = async () => {
        if (!isRunning(child)) {
            throw new Failure("OctoPrint ended instead of starting.", { log });
        }
        const response = await fetch(`${url}api/version`).catch(() => null);
        return [200, 403].includes(response?.status);
    };
    const said = `OctoPrint did not answer within ${timeoutMs / 1000} s.`;
    await until(answers, { timeoutMs, failure: new Failure(said, { log }) });
}

/** Sends a request to OctoPrint's REST API; resolves to the JSON of the response, if any. */
async function callApi(request, method, path, body) {
    const response = await request(`api/${path}`, {
        method,
        headers: { "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
    });
    if (!response.ok) {
        throw new Error(
            `api/${path} answered ${response.status}: ${await response.text()}`,
        );
    }
    const text = await response.text();
    return text ? JSON.parse(text) : null;
}
