import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `probe` resolves to true; throws `failure` if it takes longer than a time. */
export async function until(probe, { timeoutMs, failure }) {
    const deadline = Date.now() + timeoutMs;
    while (!(await probe())) {
        if (Date.now() > deadline) throw failure;
        await sleep(200);
    }
}
