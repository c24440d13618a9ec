import { createHash } from "node:crypto";
import {
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../paths.mjs";

/** Stores in a file for which inputs a step was last run, to skip it if they are the same. */
export class Stamp {
    constructor(file, value) {
        this.file = file;
        this.value = value;
    }

    get isCurrent() {
        return existsSync(this.file) && readFileSync(this.file, "utf8") === this.value;
    }

    write() {
        mkdirSync(dirname(this.file), { recursive: true });
        writeFileSync(this.file, this.value);
    }

    clear() {
        rmSync(this.file, { force: true });
    }
}

/** A hash of the names and contents of files, which may be missing, and of words. */
export function fingerprint(files, words = []) {
    const hash = createHash("sha256");
    for (const file of files) {
        hash.update(`\0${relative(root, file)}\0`);
        hash.update(existsSync(file) ? readFileSync(file) : "missing");
    }
    for (const word of words) {
        hash.update(`\0${word}`);
    }
    return hash.digest("hex");
}

/** A short hash of `content`, for a file's name. */
export function contentHash(content) {
    return createHash("sha256").update(content).digest("hex").slice(0, 8);
}

/** All files below a folder, sorted, as full paths; none if the folder is missing. */
export function filesBelow(folder) {
    if (!existsSync(folder)) {
        return [];
    }
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .sort();
}
