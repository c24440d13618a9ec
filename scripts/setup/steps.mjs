import { installNpmPackages } from "./npm-packages.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { installPythonPackages } from "./python-packages.mjs";
import { installRustLinters, installWasmTarget } from "./rust.mjs";
import { installWasmTools } from "./wasm-tools.mjs";

/** Installs everything that is needed to build and run the plugin. */
export async function setUpBuild() {
    await checkPrerequisites();
    await installWasmTarget();
    // In parallel, as one compiles and the others download.
    await Promise.all([
        installWasmTools(),
        installNpmPackages(),
        installPythonPackages(),
    ]);
}

/** Installs everything that the linters need. */
export async function setUpLinters() {
    await checkPrerequisites();
    await installWasmTarget();
    await installRustLinters();
    await installNpmPackages();
    await installPythonPackages();
}
