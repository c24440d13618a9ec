import { main } from "./run/failure.mjs";
import { setUpLinters } from "./setup/steps.mjs";
import { format } from "./test/linters.mjs";

await main(async () => {
    await setUpLinters();
    const { failed } = await format();
    process.exitCode = failed ? 1 : 0;
});
