import { existsSync } from "node:fs";
import { Failure, report } from "./run/failure.mjs";
import { stopping } from "./run/process-group.mjs";
import { installNpmPackages } from "./setup/npm-packages.mjs";
import { checkNode } from "./setup/prerequisites.mjs";

// Runs an npm command: node scripts/main.mjs <command> [argument ...]. Each is a file in this
// folder, which may import npm's packages, as they are installed first.
const [command] = process.argv.splice(2, 1);
try {
    checkNode();
    await installNpmPackages();
    const file = new URL(`./${command}.mjs`, import.meta.url);
    const { default: run } = existsSync(file) ? await import(file) : {};
    if (!run) throw new Failure(`There is no command "${command}".`);
    await run();
} catch (error) {
    // After Ctrl-C the children fail as well; that is not reported.
    if (!stopping()) {
        report(error);
        process.exitCode = 1;
    }
}
