import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { contentHash } from "../../scripts/run/stamp.mjs";
import { edit, repack } from "./repack.mjs";

/** An earlier version, so that this build is an upgrade. */
const VERSION = "0.0.9";

/** An empty custom section of wasm: its id, its length, and a name of one letter. */
const CUSTOM_SECTION = Buffer.from([0, 2, 1, 0x78]);

/**
 * Makes the zip of a build with the same behaviour but different scripts and another module.
 *
 * Files with a content hash are renamed as in a real build.
 */
export function otherBuild(zip, folder) {
    return repack(zip, folder, VERSION, (content) => {
        const built = join(content, "octoprint_temp_eta", "static", "built");
        const named = (pattern) =>
            readdirSync(built).filter((name) => pattern.test(name));
        const renamed = new Map();
        const [wasm] = named(/^temp_eta-.*\.wasm\.gz$/);
        const module = gunzipSync(readFileSync(join(built, wasm)));
        rmSync(join(built, wasm));
        const packed = gzipSync(Buffer.concat([module, CUSTOM_SECTION]));
        renamed.set(wasm, `temp_eta-${contentHash(packed)}.wasm.gz`);
        writeFileSync(join(built, renamed.get(wasm)), packed);
        for (const pattern of [/^shared-/, /^(app|settings_pane)-/]) {
            for (const name of named(pattern)) {
                const file = join(built, name);
                edit(file, (text) => {
                    let other = `${text}\n/* another build */\n`;
                    for (const [old, now] of renamed) other = other.replaceAll(old, now);
                    return other;
                });
                const stem = name.slice(0, name.lastIndexOf("-"));
                renamed.set(name, `${stem}-${contentHash(readFileSync(file))}.js`);
                renameSync(file, join(built, renamed.get(name)));
            }
        }
    });
}
