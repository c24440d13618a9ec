import { logged, onPath, output } from "../run/command.mjs";

/**
 * Installs Debian packages where that needs no question; false where it cannot.
 *
 * @param {string[]} packages
 * @param {string} failure what to say if it fails
 */
export async function aptInstall(packages, failure) {
    const apt = await aptGet();
    if (!apt) {
        return false;
    }
    const [program, ...args] = apt;
    console.log(`Installing ${packages.join(" and ")} with apt-get ...`);
    const options = { failure, env: { DEBIAN_FRONTEND: "noninteractive" } };
    await logged(program, [...args, "update"], { ...options, log: "apt-update" });
    const install = ["install", "--yes", ...packages];
    await logged(program, [...args, ...install], { ...options, log: "apt-install" });
    return true;
}

/** apt-get as this user may call it, or null. */
async function aptGet() {
    if (!onPath("apt-get")) {
        return null;
    }
    if (process.getuid?.() === 0) {
        return ["apt-get"];
    }
    const sudo = (await output("sudo", ["-n", "true"])) !== null;
    return sudo ? ["sudo", "-n", "apt-get"] : null;
}
