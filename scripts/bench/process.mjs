import { readFileSync } from "node:fs";

/** CPU seconds of a process so far; the kernel counts hundredths. */
export function cpuSeconds(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The status that Linux reports, as texts by name. */
export function statusOf(pid) {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    return Object.fromEntries(
        lines.map((line) => line.split(":").map((part) => part.trim())),
    );
}
