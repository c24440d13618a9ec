import { main } from "./run/failure.mjs";
import { runKinds } from "./test/summary.mjs";

await main(() => runKinds(["lint"]));
