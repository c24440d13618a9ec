// What the built module learns, in a fake of the browser's storage. OctoPrint is not asked: see
// learned_data.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, before, describe, it } from "node:test";
import { isNewerThan, isRemoval, LocalCopies } from "../../static/js/storage.js";
import { FakeStorage } from "./fake_storage.mjs";
import { closePages, heatUp, initialize, newPage, PROFILE } from "./learning_page.mjs";

const BED = "temp_eta/2/test/bed";
const OLD_BED = "temp_eta/1/test/bed";
/** The entry of a bed, as version 0.1.0 wrote it. */
const STORED = readFileSync(new URL("../data/state-0.1.0.json", import.meta.url), "utf8");

const refuse = () => {
    throw new Error("Access is denied.");
};

/** Storages that can be found, but not used. */
const denied = new Proxy({}, { get: refuse });
const unusable = Object.fromEntries(
    ["key", "getItem", "setItem", "removeItem"].map((name) => [name, refuse]),
);

before(initialize);
afterEach(closePages);

/** A page with the profile of the printer `id`; without one, its printer is not known. */
function openPage(storage, id = "test") {
    const page = newPage({ storage, server: null });
    if (id !== null) page.setProfile({ ...PROFILE, id });
    return page;
}

/** The numbers in the entry of the bed. */
const numbers = (storage) => JSON.parse(storage.getItem(BED)).numbers;

/** An entry as it is stored. */
const entry = (numbers) =>
    JSON.stringify({ numbers, file: "", revision: 0, changed: true });

const bed = (page) => page.learned().find(({ heater }) => heater === "bed");

/** The number of heat-ups of the bed that were learned from; `null` if none. */
const heatUps = (page) => bed(page)?.heatUps ?? null;

/** The number of heat-ups of the bed that are scored. */
const scored = (page) => bed(page)?.scores[0].ways ?? null;

describe("what is learned", () => {
    it("outlives the page, and no page destroys what another has stored", () => {
        const storage = new FakeStorage();
        const [one, other] = [openPage(storage), openPage(storage)];
        heatUp(one, 1000);
        const first = storage.getItem(BED);
        assert.ok(first.length < 2000, `${first.length} characters`);
        assert.ok(numbers(storage).every(Number.isFinite));

        heatUp(other, 1000);
        assert.equal(storage.getItem(BED), first, "the same heat-up twice");

        heatUp(one, 5000);
        heatUp(one, 9000);
        const third = storage.getItem(BED);
        assert.notEqual(third, first);
        // The other page slept, and knows one of three.
        heatUp(other, 9000);
        assert.equal(storage.getItem(BED), third);
        assert.equal(scored(other), 3, "it has learned what it missed");

        const later = openPage(storage);
        heatUp(later, 9000);
        assert.equal(scored(later), 3, "a history seen again is not learned from");
        const elsewhere = openPage(storage, "elsewhere");
        heatUp(elsewhere, 9000);
        assert.equal(scored(elsewhere), 1, "another printer");
    });

    it("is read before the first message and whenever there is another printer", () => {
        const storage = new FakeStorage();
        heatUp(openPage(storage), 1000);
        const later = openPage(storage, null);
        assert.equal(heatUps(later), null);
        later.setProfile(PROFILE);
        assert.equal(heatUps(later), 1);
        later.setProfile({ ...PROFILE, id: "elsewhere" });
        assert.equal(heatUps(later), null);
        later.setProfile(PROFILE);
        assert.equal(heatUps(later), 1);
        storage.removeItem(BED);
        later.setProfile({ ...PROFILE, tools: 2 });
        assert.equal(heatUps(later), 1, "not for a changed profile of the same printer");
    });

    it("is read as version 0.1.0 wrote it, and stored in the new format", () => {
        const storage = new FakeStorage({ [OLD_BED]: STORED });
        for (const page of [openPage(storage), openPage(storage)]) {
            assert.equal(heatUps(page), 4);
            assert.equal(scored(page), 8);
            assert.equal(storage.getItem(BED), entry(JSON.parse(STORED)));
            assert.equal(storage.length, 1);
        }
    });

    it("is read as version 0.1.0 wrote it if there is no room for the new format", () => {
        const compact = JSON.stringify(JSON.parse(STORED));
        const size = OLD_BED.length + compact.length;
        const storage = new FakeStorage({ [OLD_BED]: compact }, size + 10);
        assert.equal(heatUps(openPage(storage)), 4);
        assert.equal(storage.getItem(OLD_BED), compact);
        assert.equal(storage.length, 1);
    });

    it("is what was learned last, if a tab with version 0.1.0 is still open", () => {
        const old = JSON.parse(STORED);
        const later = [old[0], old[1] + 100, ...old.slice(2)];
        for (const [inNew, inOld, expected] of [
            [old, later, later],
            [later, old, later],
            [old, old, old],
        ]) {
            const storage = new FakeStorage({
                [BED]: entry(inNew),
                [OLD_BED]: JSON.stringify(inOld),
            });
            assert.equal(heatUps(openPage(storage)), 4);
            assert.deepEqual(numbers(storage), expected);
            assert.equal(storage.getItem(OLD_BED), null);
        }
    });

    it("is set aside if it cannot be read, and other entries stay", () => {
        const foreign = {
            octoprint: "mine",
            "temp_eta/3/test/bed": "of a newer version",
        };
        const storage = new FakeStorage(foreign);
        const texts = ["", "{", "null", "[1, 2, 3]", '{"a": 1}', entry([9])];
        const wrong = [
            { numbers: "1" },
            { file: 5 },
            { revision: 0.5 },
            { changed: null },
        ];
        const odd = wrong.map((it) => ({ ...JSON.parse(entry([1, 2])), ...it }));
        const spoiled = [...texts, ...odd.map((it) => JSON.stringify(it))];
        for (const [i, text] of spoiled.entries())
            storage.setItem(`temp_eta/2/test/junk${i}`, text);
        const old = ["", "{", "null", "[1, null]", '{"a": 1}'];
        for (const [i, text] of old.entries())
            storage.setItem(`temp_eta/1/test/old${i}`, text);
        storage.setItem(BED, "[1e999]");
        const long = `{${"x".repeat(5000)}`;
        storage.setItem("temp_eta/2/test/tool0", long);
        const page = openPage(storage);
        const aside = (name) => storage.getItem(`temp_eta/aside/1/test/${name}`);
        assert.equal(aside("bed"), "[1e999]");
        for (const [i, text] of spoiled.entries()) {
            assert.equal(aside(`junk${i}`), text);
            assert.equal(storage.getItem(`temp_eta/2/test/junk${i}`), null);
        }
        for (const [i, text] of old.entries()) {
            assert.equal(aside(`old${i}`), text);
            assert.equal(storage.getItem(`temp_eta/1/test/old${i}`), null);
        }
        assert.equal(aside("tool0"), long.slice(0, 4000));
        heatUp(page, 1000);
        assert.equal(scored(page), 1);
        for (const [key, text] of Object.entries(foreign))
            assert.equal(storage.getItem(key), text);
    });

    it("is set aside as well if it was spoiled while the page was open", () => {
        const storage = new FakeStorage();
        const page = openPage(storage);
        // The last one is implausible, and newer than what the page knows.
        const spoiled = ["{", "[1, null]", entry([1, 9100])];
        for (const [i, text] of spoiled.entries()) {
            storage.setItem(BED, text);
            heatUp(page, 1000 + 4000 * i);
            assert.equal(storage.getItem("temp_eta/aside/1/test/bed"), text);
            assert.equal(numbers(storage)[2], i + 1);
        }
        assert.equal(heatUps(page), 3);
    });

    it("takes up little room, and the oldest goes first", () => {
        const storage = new FakeStorage();
        for (let i = 0; i < 100; i++) {
            const text = entry([1, i, ...Array.from({ length: 400 }, () => 0)]);
            storage.setItem(`temp_eta/2/other${i}/bed`, text);
        }
        storage.setItem("octoprint", "x".repeat(100_000));
        heatUp(openPage(storage), 1000);
        const ours = storage.characters - 100_000;
        assert.ok(ours > 50_000 && ours < 64_000, `${ours} characters`);
        for (const [key, isKept] of [
            [BED, true],
            ["temp_eta/2/other99/bed", true],
            ["temp_eta/2/other0/bed", false],
            ["octoprint", true],
        ])
            assert.equal(storage.getItem(key) !== null, isKept, key);
    });

    it("lasts as long as the page if the storage is full or blocked", async () => {
        const full = new FakeStorage({ octoprint: "mine" }, 50);
        for (const storage of [full, refuse, denied, unusable]) {
            const page = openPage(storage);
            heatUp(page, 1000);
            assert.equal(scored(page), 1);
            heatUp(page, 5000);
            assert.equal(heatUps(page), 2);
            await page.forget();
            assert.equal(heatUps(page), null);
            heatUp(page, 9000);
            page.reloadLearned();
            assert.equal(heatUps(page), null);
        }
        assert.equal(full.characters, "octoprintmine".length);
    });

    it("is forgotten by the page, its storage, and every page that reads that again", async () => {
        const foreign = [
            "octoprint",
            "temp_eta/2/test2/bed",
            "temp_eta/2/test/2/bed",
            "temp_eta/3/test/bed",
        ];
        const own = [
            "temp_eta/1/test/chamber",
            "temp_eta/2/test/dryer",
            "temp_eta/aside/1/test/tool0",
        ];
        const entries = [...foreign, ...own].map((key) => [key, "[1]"]);
        const storage = new FakeStorage(Object.fromEntries(entries));
        const [one, other] = [openPage(storage), openPage(storage)];
        heatUp(one, 1000);
        heatUp(one, 5000);
        heatUp(other, 5000);
        assert.equal(heatUps(other), 2);

        await one.forget();
        assert.equal(heatUps(one), null);
        for (const key of foreign) assert.notEqual(storage.getItem(key), null, key);
        for (const key of [...own, BED]) assert.equal(storage.getItem(key), null, key);
        other.reloadLearned();
        assert.equal(heatUps(other), null);
        heatUp(other, 9000);
        assert.equal(heatUps(other), 1, "a new heat-up");
        one.reloadLearned();
        assert.equal(heatUps(one), 1);

        const stored = storage.getItem(BED);
        const unequipped = openPage(storage, null);
        heatUp(unequipped, 1000);
        unequipped.reloadLearned();
        assert.equal(heatUps(unequipped), 1);
        await unequipped.forget();
        assert.equal(heatUps(unequipped), null);
        assert.equal(storage.getItem(BED), stored);
    });

    it("is stored for each heater and printer, except for heaters with a slash", () => {
        const storage = new FakeStorage();
        const page = openPage(storage, "/base/_default");
        page.configure({ heaters: [{ heater: "dry/er", counted: true }] });
        heatUp(page, 1000, "tool0");
        heatUp(page, 5000, "dry/er");
        assert.equal(page.learned().length, 2);
        assert.equal(storage.length, 1);
        assert.equal(storage.key(0), "temp_eta/2//base/_default/tool0");
        assert.equal(openPage(storage, "/base/_default").learned().length, 1);
        assert.equal(openPage(storage, "/base").learned().length, 0);
    });
});

describe("an update", () => {
    it("is based on all but what is newer", () => {
        const [basedOn, time] = [1e6, 1e6 + 3600];
        const update = { heater: "bed", numbers: [1, time, 2], basedOn };
        for (const [other, isNewer] of [
            [basedOn - 1000, false],
            [basedOn, false],
            // Stored times are rounded.
            [basedOn + 0.9, false],
            [basedOn + 2, true],
            [time, true],
            [time + 59, true],
            // The server's clock was set back since.
            [time + 61, false],
            [time + 1e5, false],
        ])
            assert.equal(isNewerThan(update, [1, other, 5]), isNewer, `${other}`);
    });

    it("is not stored if it is too long", () => {
        const storage = new FakeStorage();
        const numbers = [1, 2, ...Array.from({ length: 1100 }, () => 0.5)];
        const copy = { numbers, file: "", revision: 0, changed: true };
        new LocalCopies(() => storage, "test").write("bed", copy);
        assert.equal(storage.length, 0);
    });
});

describe("an event of the storage", () => {
    it("says whether another tab has removed what was learned", () => {
        for (const [key, newValue, removes] of [
            [BED, null, true],
            // All entries.
            [null, null, true],
            [BED, "[1]", false],
            ["temp_eta/sounded//bed/target_reached", null, false],
            ["octoprint", null, false],
        ])
            assert.equal(isRemoval({ key, newValue }), removes, `${key} ${newValue}`);
    });
});
