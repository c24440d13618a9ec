import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const onWindows = process.platform === "win32";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const cache = join(root, ".cache");
export const logs = join(cache, "logs");
export const dist = join(root, "dist");
export const nodeModules = join(root, "node_modules");

/** Compiled Rust tools; several checkouts may share one folder. */
export const tools = resolve(root, process.env.TEMP_ETA_TOOLS || join(cache, "tools"));

export const venv = join(root, ".venv");
export const venvPython = pythonOf(venv);

/** The Python of a virtual environment. */
export function pythonOf(folder) {
    return onWindows
        ? join(folder, "Scripts", "python.exe")
        : join(folder, "bin", "python");
}

/** The environment of child processes, with our own tools first on PATH. */
export function environment(extra = {}) {
    const inherited = { ...process.env };
    // On Windows it is "Path", and programs are confused by two spellings.
    const name = Object.keys(inherited).find((key) => /^path$/i.test(key)) ?? "PATH";
    inherited[name] = join(tools, "bin") + delimiter + (inherited[name] ?? "");
    return { ...inherited, ...extra };
}
