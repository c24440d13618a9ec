import { benchModule } from "./bench/module.mjs";
import { benchPage } from "./bench/page.mjs";
import { benchRelay } from "./bench/relay.mjs";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { Failure, main } from "./run/failure.mjs";
import { installBrowser } from "./setup/browser.mjs";

const benches = { module: benchModule, page: benchPage, relay: benchRelay };

await main(async () => {
    const asked = process.argv.slice(2);
    const unknown = asked.filter((name) => !(name in benches));
    if (unknown.length) throw new Failure(`There is no benchmark "${unknown[0]}".`);
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    const { chrome } = await installBrowser();
    for (const name of asked.length ? asked : Object.keys(benches)) {
        await benches[name](chrome);
        console.log();
    }
});
