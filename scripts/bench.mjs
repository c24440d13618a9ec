import { writeBenchmarks } from "./bench/document.mjs";
import { benchFirstEta } from "./bench/first_eta.mjs";
import { environment } from "./bench/machine.mjs";
import { benchMemory } from "./bench/memory.mjs";
import { benchModule } from "./bench/module.mjs";
import { benchMqtt } from "./bench/mqtt.mjs";
import { benchPage } from "./bench/page.mjs";
import { benchServer } from "./bench/server.mjs";
import { benchSizes } from "./bench/sizes.mjs";
import { asText } from "./bench/table.mjs";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { Failure } from "./run/failure.mjs";
import { installBrowser } from "./setup/programs.mjs";

const benches = {
    module: benchModule,
    memory: benchMemory,
    sizes: benchSizes,
    "first-eta": benchFirstEta,
    page: benchPage,
    server: benchServer,
    mqtt: benchMqtt,
};

/** What everything costs; those of all benchmarks also go to docs/. */
export default async function bench() {
    const asked = process.argv.slice(2);
    const unknown = asked.filter((name) => !(name in benches));
    if (unknown.length) throw new Failure(`There is no benchmark "${unknown[0]}".`);
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    const { chrome } = await installBrowser();
    const machine = await environment(chrome);
    const rows = [];
    for (const name of asked.length ? asked : Object.keys(benches)) {
        console.log(`Benchmark: ${name} ...`);
        rows.push(...(await benches[name](chrome)));
    }
    console.log(asText(rows));
    if (!asked.length) console.log(`Written: ${writeBenchmarks(rows, machine)}`);
}
