import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Python versions that pyenv has installed, the newest first. */
export function pyenvPythons() {
    const versions = join(
        process.env.PYENV_ROOT || join(homedir(), ".pyenv"),
        "versions",
    );
    if (!existsSync(versions)) {
        return [];
    }
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const names = readdirSync(versions).sort(compare).reverse();
    return names.map((name) => join(versions, name, "bin", "python"));
}
