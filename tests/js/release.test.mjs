// `npm run release` with a checkout, without compiling.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    cpSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { requireSame, requireToolchain, sums } from "../../scripts/release/files.mjs";
import {
    checkRelease,
    cloneAt,
    release,
    writeArchive,
} from "../../scripts/release/release.mjs";
import {
    notesOf,
    parseVersion,
    releasedChangelog,
} from "../../scripts/release/texts.mjs";

const FILES = ["pyproject.toml", "Cargo.toml", "package.json"];
const here = fileURLToPath(new URL("../..", import.meta.url));

describe("a version", () => {
    for (const [typed, version] of [
        ["1.2.3", "1.2.3"],
        ["0.10.0", "0.10.0"],
        ["1.0.0rc1", "1.0.0rc1"],
        ["1.0.0-rc.12", "1.0.0rc12"],
    ]) {
        it(`${typed} is ${version}`, () => assert.equal(parseVersion(typed), version));
    }

    for (const typed of ["", undefined, "1.2", "v1.2.3", "01.2.3", "1.2.3b1", "1.2.3 "]) {
        it(`${JSON.stringify(typed)} is none`, () => {
            assert.throws(
                () => parseVersion(typed),
                /is no version: it must read 1\.2\.3/,
            );
        });
    }
});

describe("the changelog", () => {
    const before =
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- This.\n\n## [1.0.0]\n\n- Old.\n";

    it("gets a heading with version and date above the unreleased changes", () => {
        const after = releasedChangelog(before, "1.1.0", "2026-11-25");
        const heading =
            "## [Unreleased]\n\n## [1.1.0] - 2026-11-25\n\n### Added\n\n- This.";
        assert.equal(
            after,
            before.replace("## [Unreleased]\n\n### Added\n\n- This.", heading),
        );
        assert.equal(notesOf(after, "1.1.0"), "### Added\n\n- This.");
        assert.equal(notesOf(after, "1.0.0"), "- Old.");
    });

    it("is rejected with one line if nothing is unreleased or the version exists", () => {
        const empty = before.replace("- This.", "");
        for (const [text, version, said] of [
            [
                empty,
                "1.1.0",
                /says nothing under "## \[Unreleased\]": what is new in 1\.1\.0\?$/,
            ],
            ["# Changelog\n", "1.1.0", /says nothing under/],
            [before, "1.0.0", /has a version 1\.0\.0 already\.$/],
        ]) {
            assert.throws(() => releasedChangelog(text, version, "2026-11-25"), said);
        }
        assert.throws(() => notesOf(before, "1.1.0"), /says nothing about 1\.1\.0\.$/);
    });

    it("is ready for a release, or was just released", () => {
        const text = readFileSync(join(here, "CHANGELOG.md"), "utf8");
        assert.match(text, /^## \[Unreleased\]$/m);
        for (const [heading] of text.matchAll(/^## .*$/gm)) {
            assert.match(
                heading,
                /^## \[(Unreleased\]|[\d.]+(rc\d+)?\] - \d{4}-\d\d-\d\d)$/,
            );
        }
    });
});

describe("a release", () => {
    let folder;
    let root;
    let built;

    const git = (...args) =>
        execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
    const read = (name) => readFileSync(join(root, name), "utf8");
    const build = async (what) => {
        const of = (name) => git("show", `${what.commit}:${name}`);
        built.push({ ...what, files: FILES.map(of), changelog: of("CHANGELOG.md") });
    };
    const options = { date: "2026-11-25", commit: false, build: (what) => build(what) };
    const make = (wanted, more) => release({ root, wanted, ...options, ...more });
    const check = (tag) => checkRelease({ root, tag, build });

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "release-test-"));
        root = join(folder, "checkout");
        built = [];
        for (const name of FILES) cpSync(join(here, name), join(root, name));
        writeFileSync(
            join(root, "CHANGELOG.md"),
            "# Changelog\n\n## [Unreleased]\n\n- All of it.\n",
        );
        git("init", "--quiet", "--initial-branch", "main");
        git("config", "user.name", "Somebody");
        git("config", "user.email", "somebody@example.invalid");
        git("add", ".");
        git("commit", "--quiet", "--message", "first");
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("is built with the version, and leaves the checkout unchanged", async () => {
        const before = [FILES.map(read), git("rev-parse", "HEAD")];
        const { commit } = await make("7.8.9rc2");
        assert.deepEqual([FILES.map(read), git("rev-parse", "HEAD")], before);
        assert.equal(git("status", "--porcelain"), "");
        assert.equal(git("tag"), "");

        const [{ files, changelog, notes, version }] = built;
        assert.equal(version, "7.8.9rc2");
        assert.equal(notes, "- All of it.");
        assert.match(changelog, /^## \[7\.8\.9rc2\] - 2026-11-25$/m);
        assert.match(files[0], /^version = "7\.8\.9rc2"$/m);
        // No other changes.
        const changes = git("diff", "--name-only", "HEAD", commit).split("\n");
        assert.deepEqual(changes, ["CHANGELOG.md", "pyproject.toml"]);
        assert.equal(git("worktree", "list").split("\n").length, 1);
    });

    it("is committed and tagged on request, and passes its check", async () => {
        const { commit } = await make("0.2.0", { commit: true });
        assert.equal(git("rev-parse", "main"), commit);
        assert.equal(git("rev-parse", "0.2.0^{commit}"), commit);
        assert.equal(git("log", "-1", "--format=%s"), "release: 0.2.0");
        assert.equal(git("status", "--porcelain"), "");
        await check("0.2.0");
        assert.equal(built[1].commit, commit);
        assert.equal(built[1].notes, "- All of it.");
    });

    it("can be built from a clone, with reproducible source archives", async () => {
        const { commit } = await make("0.2.0");
        const clone = join(folder, "clone");
        cloneAt(root, commit, clone);
        assert.match(readFileSync(join(clone, "pyproject.toml"), "utf8"), /"0\.2\.0"/);
        const archives = [root, clone].map((from, i) => {
            const file = join(folder, `${i}.tar`);
            writeArchive(from, commit, "OctoPrint-TempETA-0.2.0", file);
            return readFileSync(file);
        });
        assert.ok(archives[0].equals(archives[1]));
        assert.ok(archives[0].includes("OctoPrint-TempETA-0.2.0/CHANGELOG.md"));
    });

    it("changes nothing if the build fails", async () => {
        const before = FILES.map(read);
        const fails = async () => {
            throw new Error("no compiler");
        };
        await assert.rejects(
            make("0.2.0", { build: fails, commit: true }),
            /no compiler/,
        );
        assert.deepEqual(FILES.map(read), before);
        assert.equal(git("status", "--porcelain"), "");
        assert.equal(git("log", "--oneline").split("\n").length, 1);
    });

    describe("is refused in one line", () => {
        const refuses = async (work, said) => {
            await assert.rejects(work, (error) => {
                assert.match(error.message, said);
                assert.doesNotMatch(error.message, /\n/);
                return true;
            });
            assert.deepEqual(built, []);
        };

        it("without a version", () => refuses(make("next"), /"next" is no version/));

        it("with uncommitted changes", async () => {
            writeFileSync(join(root, "new.txt"), "");
            await refuses(make("0.2.0"), /not clean: commit or remove what "git status"/);
        });

        it("with an existing tag", async () => {
            git("tag", "0.2.0");
            await refuses(make("0.2.0"), /There is a tag 0\.2\.0 already\./);
        });

        it("without changes", async () => {
            writeFileSync(join(root, "CHANGELOG.md"), "# Changelog\n");
            git("commit", "--quiet", "--all", "--message", "emptied");
            await refuses(make("0.2.0"), /CHANGELOG\.md says nothing under/);
        });

        it("if the project has no version", async () => {
            writeFileSync(join(root, "pyproject.toml"), '[tool]\nversion = "1"\n');
            git("commit", "--quiet", "--all", "--message", "broken");
            await refuses(make("0.2.0"), /pyproject\.toml does not name a version\./);
        });

        it("with a tag that is not checked out, or does not match", async () => {
            await refuses(check("0.1.0"), /What is checked out is not tagged 0\.1\.0\./);
            git("tag", "9.0.0");
            await refuses(
                check("9.0.0"),
                /pyproject\.toml names version .*, not 9\.0\.0\./,
            );
            git("tag", "9.0.0-rc.1");
            await refuses(check("9.0.0-rc.1"), /The tag must read 9\.0\.0rc1, not/);
            await refuses(check("v9.0.0"), /"v9\.0\.0" is no version/);
        });

        it("outside of git", async () => {
            rmSync(join(root, ".git"), { recursive: true });
            await refuses(make("0.2.0"), /^git status: /);
        });
    });

    it("has differences listed if files differ or are missing in the second build", () => {
        const clones = ["first", "second"].map((name) => join(folder, name));
        const write = (clone, name, text) => {
            mkdirSync(join(clone, dirname(name)), { recursive: true });
            writeFileSync(join(clone, name), text);
        };
        for (const clone of clones) {
            write(clone, "dist/a.zip", "zip");
            write(clone, "static/built/page.js", "page");
            write(clone, "static/wasm/not-published", clone);
        }
        requireSame(...clones);
        write(clones[0], "static/built/page.js", "another");
        assert.throws(() => requireSame(...clones), /page\.js comes out differently/);
        write(clones[0], "static/built/page.js", "page");
        write(clones[1], "dist/b.whl", "only here");
        assert.throws(() => requireSame(...clones), /b\.whl comes out differently/);
    });

    it("is built with the pinned version of Rust", () => {
        const text = readFileSync(new URL("../../rust-toolchain.toml", import.meta.url));
        const [, channel] = /channel = "(.+)"/.exec(text);
        requireToolchain(`rustc ${channel} (59807616e 2026-04-14)`);
        for (const other of [
            "rustc 1.0.0 (a 2015-05-15)",
            `rustc ${channel}1 (b)`,
            null,
        ]) {
            assert.throws(() => requireToolchain(other), /A release is built with/);
        }
    });

    it("has checksums in the format of sha256sum", () => {
        const file = join(root, "a.zip");
        writeFileSync(file, "");
        const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert.equal(sums([file]), `${empty}  a.zip\n`);
    });
});
