import { readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "d3-array";
import { root } from "../paths.mjs";
import { output, targetFolder } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { withBrowser } from "./browser.mjs";
import { GROWING, IDLE, MANY, READINGS } from "./measure.mjs";
import { TIMED } from "./messages.mjs";
import { list, range } from "./report.mjs";

/** Number of passes through Chromium and native code. */
const PASSES = 3;

/** The core's limit of heaters. */
const MOST_HEATERS = 32;

/** Tolerated growth. */
const SLACK = 0.1;

/** Duration of each native benchmark in s. */
const NATIVE = "--warm-up-time 0.3 --measurement-time 1 --sample-size 20".split(" ");

/** Measures the built wasm in Chromium, and the same code natively. */
export async function benchModule(chrome) {
    const passes = [];
    for (let pass = 1; pass <= PASSES; pass++) {
        console.log(`Chromium, native: pass ${pass} of ${PASSES} ...`);
        const both = { Chromium: await inChromium(chrome), native: await native() };
        const [one, other] = Object.values(both).map(({ remaining }) => remaining);
        if (!(one > 0 && Math.abs(one / other - 1) < 1e-6)) {
            throw new Failure(
                `Chromium and native results differ: ${one}, ${other} s remain.`,
            );
        }
        passes.push(both);
    }
    const time = (where, name) => median(passes, (it) => it[where].times[name]);
    return [...calls(passes, time), ...limits(passes, time), ...growth(passes, time)];
}

function calls(passes, time) {
    const rows = ["Chromium", "native"].flatMap((where) =>
        [
            ["ingest", "ingest"],
            ["snapshot", "snapshot"],
            ["ingest + snapshot", "both"],
        ].map(([what, name]) => ({
            what,
            where: `${where}, ${MANY.join(" / ")} heaters`,
            figure: `${list(MANY.map((many) => time(where, `${name} ${many}`)))} µs`,
        })),
    );
    const [{ native }] = passes;
    const where = "native, 1 heater";
    return [...rows, { what: "estimate", where, figure: native.estimates }];
}

function limits(passes, time) {
    const took = time("Chromium", "both 5");
    const ratios = passes.map(
        ({ Chromium, native }) => Chromium.times["both 5"] / native.times["both 5"],
    );
    const why =
        `Of these, the snapshot takes ${time("Chromium", "snapshot 5").toFixed(1)} µs; ` +
        `natively everything takes ${time("native", "both 5").toFixed(1)} µs.`;
    return [
        {
            what: "ingest + snapshot",
            where: "Chromium, 5 heaters",
            figure: `${took.toFixed(1)} µs`,
            aim: "under 20 µs",
            met: took < 20,
            why,
        },
        {
            what: "the same against native",
            where: `Chromium, 5 heaters, median of ${PASSES} passes`,
            figure: `${median(ratios).toFixed(2)} times (${list(ratios, 2)})`,
            aim: "within 3 times",
            met: median(ratios) <= 3,
            why,
        },
    ];
}

function growth(passes, time) {
    const where = "Chromium, ingest + snapshot";
    const both = (many) => time("Chromium", `both ${many}`);
    const followed = GROWING.filter((many) => many <= MOST_HEATERS);
    const each = followed.map((many) => both(many) / many);
    const most = GROWING.at(-1);
    const ignoring = both(most) / both(MOST_HEATERS);
    const constant = (what, how, name, [first, last], why = "") => {
        const ratios = passes.map(({ Chromium: { times } }) => {
            return times[`${name} ${last}`] / times[`${name} ${first}`];
        });
        const times = [first, last].map((it) => time("Chromium", `${name} ${it}`));
        return {
            what: `growth with ${what}`,
            where: `${where}, 5 heaters, ${how}`,
            figure: `${list(times)} µs, ${median(ratios).toFixed(2)} times`,
            aim: `constant, within ${100 * SLACK} %`,
            met: median(ratios) <= 1 + SLACK,
            why: `In the passes ${range(ratios, 2)} times. ${why}`.trim(),
        };
    };
    return [
        {
            what: "growth with heaters",
            where: `${where}, ${followed.join(" / ")} heaters`,
            figure: `${list(followed.map(both))} µs; per heater ${list(each)} µs`,
            aim: `no more per heater than for one, within ${100 * SLACK} %`,
            met: Math.max(...each) <= each[0] * (1 + SLACK),
            why: "Each additional heater costs more than the first.",
        },
        {
            what: "growth with heaters",
            where: `${where}, ${most} heaters; the last ${most - MOST_HEATERS} are ignored`,
            figure: `${both(most).toFixed(1)} µs, ${ignoring.toFixed(2)} times that of ${MOST_HEATERS}`,
            aim: `that of ${MOST_HEATERS}, within ${100 * SLACK} %`,
            met: ignoring <= 1 + SLACK,
            why: "Rejecting readings of excess heaters takes time.",
        },
        constant(
            "the history",
            `${READINGS.join(" / ")} readings each`,
            "readings",
            READINGS,
            "The curves are fitted to every reading of the last minute. OctoPrint's timestamps " +
                "are whole seconds, so there are no more than 60.",
        ),
        constant("the graph history", "empty / full with half an hour", "idle", IDLE),
    ];
}

function inChromium(chrome) {
    return withBrowser(chrome, async (browser) => {
        const page = await browser.newPage();
        await page.route("http://localhost/**", (route) => {
            const { pathname } = new URL(route.request().url());
            return route.fulfill({
                ...(pathname === "/"
                    ? { contentType: "text/html", body: "" }
                    : { path: join(root, pathname) }),
                // Isolated pages have a clock resolution of 5 µs, others of 100 µs.
                headers: {
                    "Cross-Origin-Opener-Policy": "same-origin",
                    "Cross-Origin-Embedder-Policy": "require-corp",
                },
            });
        });
        await page.goto("http://localhost/");
        return page.evaluate(async () => {
            if (!crossOriginIsolated) throw new Error("The clock is too coarse.");
            const wasm = await import("/static/wasm/temp_eta.js");
            await wasm.default();
            const { measure } = await import("/scripts/bench/measure.mjs");
            return measure(wasm);
        });
    });
}

/** The times of benches/update.rs; estimates are for one heater without learned data. */
async function native() {
    const args = ["bench", "--bench", "update", "--", ...NATIVE];
    const printed = await output("cargo", args);
    if (printed === null) throw new Failure("`cargo bench` failed.");
    const folder = join(await targetFolder(), "criterion");
    const microseconds = (...names) => {
        const file = join(folder, ...names, "new", "estimates.json");
        return JSON.parse(readFileSync(file, "utf8")).median.point_estimate / 1000;
    };
    const times = {};
    for (const many of MANY) {
        const heaters = (bench) => microseconds(`${many} heaters`, bench) / TIMED;
        times[`ingest ${many}`] = heaters("ingest");
        times[`snapshot ${many}`] = heaters("snapshot");
        times[`both ${many}`] = heaters("ingest + snapshot");
    }
    const estimates = [...printed.matchAll(/^estimate\/(\w+)/gm)].map(([, name]) => {
        return `${name} ${microseconds("estimate", name).toFixed(1)} µs`;
    });
    const ends = [...printed.matchAll(/^in the end: (\S+) s$/gm)];
    const remaining = Number(ends.at(-1)[1]);
    return { times, remaining, estimates: estimates.join(", ") };
}
