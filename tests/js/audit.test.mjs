// What the audits' tools print.
import assert from "node:assert/strict";
import { it } from "node:test";
import { readCargo, readNpm, readPip } from "../../scripts/audit/audits.mjs";

it("npm: what was found, or why nothing was looked up", () => {
    const vulnerabilities = { a: { name: "a", severity: "high", range: "<2" } };
    assert.deepEqual(readNpm({ vulnerabilities }), { found: ["a <2 (high)"] });
    assert.deepEqual(readNpm({ vulnerabilities: {} }), { found: [] });
    assert.deepEqual(readNpm({ message: "no network" }), { problem: "no network" });
});

it("cargo-audit: vulnerabilities, and what is unmaintained or withdrawn", () => {
    const crate = { name: "a", version: "1.0.0" };
    const advisory = { id: "RUSTSEC-2026-0001", title: "overflow" };
    const report = {
        vulnerabilities: { list: [{ package: crate, advisory }] },
        warnings: { yanked: [{ kind: "yanked", package: crate }] },
    };
    assert.deepEqual(readCargo(report).found, [
        "a 1.0.0 (RUSTSEC-2026-0001, overflow)",
        "a 1.0.0 (yanked)",
    ]);
});

it("pip-audit: a package that was not found was not looked up", () => {
    const bad = { name: "a", version: "1", vulns: [{ id: "PYSEC-1" }] };
    const good = { name: "b", version: "1", vulns: [] };
    const skipped = { name: "c", skip_reason: "not on PyPI" };
    assert.deepEqual(readPip({ dependencies: [bad, good] }), {
        problem: undefined,
        found: ["a 1 (PYSEC-1)"],
    });
    assert.equal(readPip({ dependencies: [good, skipped] }).problem, "not on PyPI");
});
