import { setUpFormatters } from "./setup/prerequisites.mjs";
import { format } from "./test/linters.mjs";

export default async function formatAll() {
    await setUpFormatters();
    const { failed } = await format();
    process.exitCode = failed ? 1 : 0;
}
