import { existsSync } from "node:fs";
import { onPath } from "../run/command.mjs";
import { Failure } from "../run/failure.mjs";
import { aptInstall } from "./apt.mjs";

// Debian installs it in a folder that is only on root's PATH.
const BROKERS = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

/** The path of Mosquitto, or null. */
export function findBroker() {
    const named = process.env.MOSQUITTO_PATH;
    return named || onPath("mosquitto") || BROKERS.find(existsSync) || null;
}

/** Finds Mosquitto, or installs it if that is possible without a prompt. */
export async function installBroker() {
    const complete = () => findBroker() && onPath("mosquitto_passwd");
    if (!complete()) {
        const packages = ["mosquitto", "mosquitto-clients"];
        await aptInstall(packages, "mosquitto could not be installed with apt-get.");
    }
    if (!complete()) {
        throw new Failure(
            "mosquitto is missing: install it and its clients (mosquitto_passwd, " +
                "mosquitto_sub), or name it in MOSQUITTO_PATH.",
        );
    }
    return findBroker();
}
