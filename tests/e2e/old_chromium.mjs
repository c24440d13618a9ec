// Drives a Chromium that is too old for Playwright, by its DevTools protocol.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endGroup, spawnGroup } from "../../scripts/run/process-group.mjs";

const FLAGS = [
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "--window-size=1280,1400",
];

/** Messages of the protocol end with a zero, see `--remote-debugging-pipe`. */
const END = "\0";

/**
 * Starts a browser and opens a page in it. `goto` opens another one; `evaluate` resolves to what
 * an expression in the page is; `faults` gets the page's uncaught errors, `consoleLines` its console.
 *
 * @param {string} program
 * @param {string} url
 */
export async function openIn(program, url) {
    const profile = mkdtempSync(join(tmpdir(), "old-chromium-"));
    const child = spawnGroup(program, [...FLAGS, `--user-data-dir=${profile}`], {
        // The protocol's pipes are the fourth and the fifth.
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const faults = [];
    const consoleLines = [];
    const listeners = {
        "Runtime.exceptionThrown": ({ exceptionDetails: { text, exception } }) =>
            faults.push(exception?.description ?? text),
        "Runtime.consoleAPICalled": ({ type, args }) => {
            const words = args.map(({ value, description }) => value ?? description);
            consoleLines.push({ type, text: words.join(" ") });
        },
    };
    const send = protocol(child, listeners);
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const attach = { targetId, flatten: true };
    const { sessionId } = await send("Target.attachToTarget", attach);
    const inPage = (method, params) => send(method, params, sessionId);
    for (const domain of ["Page", "Runtime"]) await inPage(`${domain}.enable`);
    const goto = (url) => inPage("Page.navigate", { url });
    await goto(url);
    return {
        goto,
        faults,
        consoleLines,
        evaluate: async (expression) => {
            const how = { expression, returnByValue: true, awaitPromise: true };
            const { result, exceptionDetails } = await inPage("Runtime.evaluate", how);
            if (exceptionDetails) throw new Error(result.description);
            return result.value;
        },
        screenshot: async (file) => {
            const { data } = await inPage("Page.captureScreenshot");
            writeFileSync(file, Buffer.from(data, "base64"));
        },
        close: async () => {
            await endGroup(child);
            rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}

/** Returns a function that calls a method of the protocol and resolves to the result. */
function protocol(child, listeners) {
    const [, , , input, output] = child.stdio;
    const waiting = new Map();
    child.once("exit", () => {
        for (const { reject } of waiting.values()) reject(new Error("Chromium ended."));
    });
    let text = "";
    output.setEncoding("utf8").on("data", (chunk) => {
        const messages = (text + chunk).split(END);
        text = messages.pop();
        for (const message of messages) receive(JSON.parse(message));
    });
    const receive = ({ id, method, params, result, error }) => {
        if (!id) return listeners[method]?.(params);
        const { resolve, reject } = waiting.get(id);
        waiting.delete(id);
        if (error) reject(new Error(error.message));
        else resolve(result);
    };
    let last = 0;
    return (method, params = {}, sessionId = undefined) =>
        new Promise((resolve, reject) => {
            const id = ++last;
            waiting.set(id, { resolve, reject });
            input.write(JSON.stringify({ id, method, params, sessionId }) + END);
        });
}
