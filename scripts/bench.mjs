import { benchHostile } from "./bench/hostile.mjs";
import { benchModule } from "./bench/module.mjs";
import { benchFirstEta, benchPage } from "./bench/page.mjs";
import { environment, table } from "./bench/report.mjs";
import { benchMqtt, benchServer } from "./bench/server.mjs";
import { benchMemory, benchSizes } from "./bench/sizes.mjs";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { Failure } from "./run/failure.mjs";
import { writeSection } from "./sections.mjs";
import { installBrowser } from "./setup/programs.mjs";

const benches = {
    module: benchModule,
    memory: benchMemory,
    sizes: benchSizes,
    "first-eta": benchFirstEta,
    page: benchPage,
    server: benchServer,
    mqtt: benchMqtt,
    hostile: benchHostile,
};

/** What everything costs; those of all benchmarks also go to docs/. */
export default async function bench() {
    const asked = process.argv.slice(2);
    const unknown = asked.find((name) => !(name in benches));
    if (unknown) throw new Failure(`There is no benchmark "${unknown}".`);
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    const { chrome } = await installBrowser();
    const machine = await environment(chrome);
    const rows = [];
    for (const name of asked.length ? asked : Object.keys(benches)) {
        console.log(`Benchmark: ${name} ...`);
        rows.push(...(await benches[name](chrome)));
    }
    const text = `${machine}\n\n${table(rows)}`;
    console.log(`\n${text}`);
    if (!asked.length) writeSection("docs/benchmarks.md", "bench", text);
}
