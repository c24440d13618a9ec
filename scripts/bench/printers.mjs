import { join } from "node:path";
import { startOctoPrint } from "../octoprint/server.mjs";
import { cache } from "../paths.mjs";

/** An OctoPrint whose five heaters heat for longer than a benchmark takes. */
export async function heatingPrinter(name, { plugin = true, settings = {} } = {}) {
    const octoprint = await startOctoPrint({
        basedir: join(cache, `bench-${name}`),
        timeScale: 0.2,
        config: {
            plugins: {
                _disabled: plugin ? [] : ["temp_eta"],
                temp_eta: settings,
                virtual_printer: { numExtruders: 3 },
            },
        },
    });
    await octoprint.useTools(3);
    await octoprint.heat({ tool0: 240, tool1: 230, tool2: 220, bed: 110, chamber: 60 });
    return octoprint;
}
