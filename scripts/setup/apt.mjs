import { logged, onPath, output } from "../run/command.mjs";

/**
 * Installs Debian packages if that is possible without a prompt; returns false if not.
 *
 * @param {string[]} packages
 * @param {string} [failure] what to say if it fails
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

/** The command for apt-get that this user may run, or null. */
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
