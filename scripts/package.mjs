import { buildArtefacts } from "./package/artefacts.mjs";
import { main } from "./run/failure.mjs";

await main(buildArtefacts, { logLines: 40 });
