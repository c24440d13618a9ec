import { logged, onPath, output } from "../run/command.mjs";

/**
 * Installs Debian packages if that is possible without a prompt; returns false if not.
 *
 * @param {string[]} packages
 * @param {string} failure what to say if it fails
 * @param {string[]} [optional] packages that not every Debian has
 */
export async function aptInstall(packages, failure, optional = []) {
    const apt = await aptGet();
    if (!apt) {
        return false;
    }
    const [program, ...args] = apt;
    console.log(`Installing ${packages.join(" and ")} with apt-get ...`);
    const options = { failure, env: { DEBIAN_FRONTEND: "noninteractive" } };
    await logged(program, [...args, "update"], { ...options, log: "apt-update" });
    const install = (names) =>
        logged(program, [...args, "install", "--yes", ...names], {
            ...options,
            log: "apt-install",
        });
    await install(packages);
    for (const name of optional) {
        await install([name]).catch(() => console.log(`There is no ${name}.`));
    }
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
