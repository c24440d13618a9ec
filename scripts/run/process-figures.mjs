// What Linux says of a process.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A line of its status, such as RssAnon (in kB) or Threads, without the unit. */
export function status(pid, name) {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    return new RegExp(`^${name}:\\s+(\\w+)`, "m").exec(text)[1];
}

/** The CPU time that it has taken, in ms. */
export function cpuTime(pid) {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1];
    const [user, system] = stat.split(" ").slice(11, 13).map(Number);
    // The kernel counts hundredths of a second.
    return 10 * (user + system);
}

/** What each of its descriptors is: the path of a file, or "socket:[…]". */
export function openFiles(pid) {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((name) => {
        try {
            return [readlinkSync(`${folder}/${name}`)];
        } catch {
            // Closed meanwhile.
            return [];
        }
    });
}
