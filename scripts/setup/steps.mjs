import { installNpmPackages } from "./npm-packages.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { installPythonPackages } from "./python-packages.mjs";
import { installRustLinters, installWasmTarget } from "./rust.mjs";
import { installWasmTools } from "./wasm-tools.mjs";

/** Everything that building and running the plugin needs. */
export async function setUpBuild() {
    await checkPrerequisites();
    await installWasmTarget();
    // One compiles while the others wait for the network.
    await Promise.all([
        installWasmTools(),
        installNpmPackages(),
        installPythonPackages(),
    ]);
}

/** Everything that the linters need. */
export async function setUpLinters() {
    await checkPrerequisites();
    await installWasmTarget();
    await installRustLinters();
    await installNpmPackages();
    await installPythonPackages();
}
