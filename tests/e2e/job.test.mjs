// Times kept back during a print job, but not while it waits for temperature.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOctoPrint } from "../../scripts/octoprint/server.mjs";
import { cache } from "../../scripts/paths.mjs";
import { countdown, openBrowser, openPage, placements, until } from "./browser.mjs";
import { picture } from "./looks.mjs";

/** Heats, waits for it, and then is busy for minutes. */
const JOB = [
    "M140 S70",
    "M104 S200",
    "G28",
    "M190 S70",
    "M117 bed is there",
    "M109 S200",
    ...Array.from({ length: 4000 }, () => "G4 P50"),
].join("\n");

describe("during a print job", () => {
    let octoprint;
    let browser;
    let page;

    before(async () => {
        const basedir = join(cache, "e2e-job");
        octoprint = await startOctoPrint({ basedir, timeScale: 3 });
        await octoprint.api("settings", {
            plugins: { temp_eta: { suppress_while_printing: true } },
        });
        browser = await openBrowser();
        page = await openPage(browser, octoprint.url);
        const form = new FormData();
        form.append("file", new Blob([JOB]), "job.gcode");
        form.append("print", "true");
        await fetch(`${octoprint.url}api/files/local`, {
            method: "POST",
            headers: { "X-Api-Key": octoprint.apiKey },
            body: form,
        });
    });

    after(async () => {
        await browser?.close();
        await octoprint?.stop();
    });

    const save = (changes) =>
        octoprint.api("settings", { plugins: { temp_eta: changes } });
    const printing = async () => (await octoprint.api("job")).state === "Printing";

    it("the wait for temperature at its start is counted down to its end", async () => {
        await until("job", printing);
        const { sidebar } = placements(page, "bed");
        let silent = 0;
        await countdown(sidebar);
        await until(
            "arrival",
            async () => {
                const [phase] = await sidebar.row.evaluateAll((rows) =>
                    rows.map(({ dataset }) => dataset.phase),
                );
                if (phase === "heating" && !(await sidebar.time.textContent())) silent++;
                return phase === "at_target";
            },
            120_000,
        );
        assert.ok(silent <= 3, `the time was gone ${silent} times`);
        assert.ok(await printing());
        await picture(page, "16-waiting-job");
    });

    it("a heater that heats beside the print has no time, but its words", async () => {
        await sleep(14_000);
        await octoprint.api("printer/bed", { command: "target", target: 110 });
        const { sidebar, navbar } = placements(page, "bed");
        await until(
            "words",
            async () => (await sidebar.status.textContent()) === "heating",
        );
        await sleep(3000);
        assert.ok(await printing());
        assert.equal(await sidebar.time.textContent(), "");
        assert.equal(await sidebar.progress.count(), 0);
        assert.equal(await navbar.row.count(), 0);
        await picture(page, "17-printing-job");
        await save({ suppress_while_printing: false });
        await countdown(sidebar);
        assert.deepEqual(page.faults, []);
    });
});
