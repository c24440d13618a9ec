// Records socket/*.json from a real OctoPrint with the demo printer:
// `node tests/data/record.mjs`, after `npm run test:e2e` has set everything up.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, expect } from "@playwright/test";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { browserFlags, findBrowser } from "../../scripts/setup/programs.mjs";

const octoprint = await startOctoPrint({ basedir: join(cache, "record"), heat: true });
const executablePath = findBrowser().chrome;
const browser = await chromium.launch({ executablePath, args: browserFlags });
try {
    await sleep(25_000);
    const page = await browser.newPage();
    const recorded = {};
    page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => {
            // SockJS wraps a list of messages in a frame of type "a".
            if (payload[0] !== "a") return;
            for (const { history, current } of JSON.parse(payload.slice(1)).flat()) {
                recorded.history ??= history;
                if (current?.temps.length) recorded.current ??= current;
            }
        }),
    );
    await page.goto(octoprint.url);
    const isAll = () => Boolean(recorded.history && recorded.current);
    await expect.poll(isAll, { timeout: 60_000 }).toBe(true);
    for (const [name, message] of Object.entries(recorded)) {
        // The terminal's lines are no concern of ours.
        const json = JSON.stringify({ ...message, logs: [], messages: [] }, null, 4);
        writeFileSync(join(import.meta.dirname, "socket", `${name}.json`), `${json}\n`);
    }
} finally {
    await browser.close();
    await octoprint.stop();
}
