import { statSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { installPlugin } from "./octoprint/install-plugin.mjs";
import { buildArtefacts } from "./package/artefacts.mjs";
import { root, venvPython } from "./paths.mjs";
import { logged } from "./run/command.mjs";
import { main } from "./run/failure.mjs";
import { takePictures } from "./screenshots/take.mjs";
import { installBrowser } from "./setup/browser.mjs";

const optimise = fileURLToPath(new URL("screenshots/optimise.py", import.meta.url));

/** Takes the pictures of README, site and OctoPrint's plugin repository anew. */
await main(async () => {
    const { wheelFile } = await buildArtefacts();
    await installPlugin(wheelFile);
    const { chrome } = await installBrowser();
    console.log("Taking the pictures (two minutes) ...");
    const files = Object.values(await takePictures(chrome));
    await logged(venvPython, [optimise, ...files], {
        log: "screenshots",
        failure: "The pictures could not be made smaller.",
    });
    for (const file of files) {
        const size = statSync(file).size / 1000;
        console.log(`${relative(root, file)}: ${size.toFixed(1)} kB`);
    }
});
