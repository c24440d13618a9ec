// The notices of third-party code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { notices } from "../../scripts/third-party.mjs";

it("THIRD-PARTY.txt is what `npm run third-party` writes", async () => {
    const file = new URL("../../THIRD-PARTY.txt", import.meta.url);
    const text = readFileSync(file, "utf8");
    assert.equal(text, await notices());
    assert.match(text, /\nwasm-bindgen 0\.2\.\d+\n {4}Copyright/);
});
