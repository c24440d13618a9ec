import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { main } from "./run/failure.mjs";
import { checkPrerequisites } from "./setup/prerequisites.mjs";
import { notices } from "./third-party/notices.mjs";

await main(async () => {
    await checkPrerequisites();
    writeFileSync(join(root, "THIRD-PARTY.txt"), await notices());
});
