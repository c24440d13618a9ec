// What the built module learns, in a fake of the browser's storage.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, before, describe, it } from "node:test";
import { Engine } from "../../static/js/engine.js";
import { isRemoval, LearnedModels } from "../../static/js/storage.js";
import * as wasm from "../../static/wasm/temp_eta.js";

const BED = "temp_eta/1/test/bed";
/** The entry of a bed, as version 0.1.0 wrote it. */
const STORED = readFileSync(new URL("../data/state-0.1.0.json", import.meta.url), "utf8");

const PROFILE = { id: "test", tools: 1, bed: true, chamber: false };

/** Local storage that holds `quota` characters. */
class FakeStorage {
    #values = new Map();

    constructor(entries = {}, quota = Number.POSITIVE_INFINITY) {
        for (const [key, value] of Object.entries(entries)) this.#values.set(key, value);
        this.quota = quota;
    }

    get length() {
        return this.#values.size;
    }

    /** What is stored, keys included. */
    get characters() {
        return [...this.#values].flat().join("").length;
    }

    key(index) {
        return [...this.#values.keys()][index] ?? null;
    }

    getItem(key) {
        return this.#values.get(key) ?? null;
    }

    setItem(key, value) {
        const needed =
            this.getItem(key) === null ? key.length + value.length : value.length;
        const freed = this.getItem(key)?.length ?? 0;
        if (this.characters + needed - freed > this.quota) throw new Error("it is full");
        this.#values.set(key, value);
    }

    removeItem(key) {
        this.#values.delete(key);
    }
}

const refuse = () => {
    throw new Error("Access is denied.");
};

/** Storages that can be found, but not used. */
const denied = new Proxy({}, { get: refuse });
const unusable = Object.fromEntries(
    ["key", "getItem", "setItem", "removeItem"].map((name) => [name, refuse]),
);

/** The instances of the module, whose tickers would keep this process alive. */
const cores = [];

class TempEta extends wasm.TempEta {
    constructor(onTick) {
        super(onTick);
        cores.push(this);
    }
}

before(async () => {
    const module = new URL("../../static/wasm/temp_eta_bg.wasm", import.meta.url);
    await wasm.default({ module_or_path: readFileSync(module) });
});

afterEach(() => {
    for (const core of cores.splice(0)) core.free();
});

/** A page with the profile of the printer `id`; without one, its printer is not known. */
function openPage(storage, id = "test") {
    const source = typeof storage === "function" ? storage : () => storage;
    const page = new Engine({ ...wasm, TempEta }, () => {}, assert.fail, source);
    if (id !== null) page.setProfile({ ...PROFILE, id });
    return page;
}

/** Heats a bed from cold, beginning at `start` (s): at rest, then up to 60 °C. */
function heatUp(page, start, name = "bed") {
    for (let second = 0; second < 160; second += 2) {
        const actual = 20 + 0.4 * Math.min(Math.max(second - 12, 0), 100);
        const heater = { actual, target: second < 10 ? 0 : 60 };
        const time = start + second;
        const message = { serverTime: time + 0.5, temps: [{ time, [name]: heater }] };
        page.ingest(message, 1000 * second);
    }
}

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
        assert.ok(JSON.parse(first).every(Number.isFinite));

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

    it("is read as version 0.1.0 wrote it", () => {
        const storage = new FakeStorage({ [BED]: STORED });
        const page = openPage(storage);
        assert.equal(heatUps(page), 4);
        assert.equal(scored(page), 8);
        assert.equal(storage.getItem(BED), STORED);
        assert.equal(storage.length, 1);
    });

    it("is set aside if it cannot be read, and other entries stay", () => {
        const foreign = {
            octoprint: "mine",
            "temp_eta/2/test/bed": "of a newer version",
        };
        const storage = new FakeStorage(foreign);
        const spoiled = ["", "{", "null", "[1, 2, 3]", "[1, null]", '{"a": 1}', "[9]"];
        for (const [i, text] of spoiled.entries())
            storage.setItem(`temp_eta/1/test/junk${i}`, text);
        storage.setItem(BED, "[1e999]");
        const long = `{${"x".repeat(5000)}`;
        storage.setItem("temp_eta/1/test/tool0", long);
        const page = openPage(storage);
        const aside = (name) => storage.getItem(`temp_eta/aside/1/test/${name}`);
        assert.equal(aside("bed"), "[1e999]");
        for (const [i, text] of spoiled.entries()) {
            assert.equal(aside(`junk${i}`), text);
            assert.equal(storage.getItem(`temp_eta/1/test/junk${i}`), null);
        }
        assert.equal(aside("tool0"), long.slice(0, 2000));
        heatUp(page, 1000);
        assert.equal(scored(page), 1);
        for (const [key, text] of Object.entries(foreign))
            assert.equal(storage.getItem(key), text);
    });

    it("is set aside as well if it was spoiled while the page was open", () => {
        const storage = new FakeStorage();
        const page = openPage(storage);
        // The last one is implausible, and newer than what the page knows.
        const spoiled = ["{", "[1, null]", "[1, 9100]"];
        for (const [i, text] of spoiled.entries()) {
            storage.setItem(BED, text);
            heatUp(page, 1000 + 4000 * i);
            assert.equal(storage.getItem("temp_eta/aside/1/test/bed"), text);
            assert.equal(JSON.parse(storage.getItem(BED))[2], i + 1);
        }
        assert.equal(heatUps(page), 3);
    });

    it("takes up little room, and the oldest goes first", () => {
        const storage = new FakeStorage();
        for (let i = 0; i < 100; i++) {
            const text = `[1,${i},${"0,".repeat(400)}0]`;
            storage.setItem(`temp_eta/1/other${i}/bed`, text);
        }
        storage.setItem("octoprint", "x".repeat(100_000));
        heatUp(openPage(storage), 1000);
        const ours = storage.characters - 100_000;
        assert.ok(ours > 50_000 && ours < 64_000, `${ours} characters`);
        for (const [key, isKept] of [
            [BED, true],
            ["temp_eta/1/other99/bed", true],
            ["temp_eta/1/other0/bed", false],
            ["octoprint", true],
        ])
            assert.equal(storage.getItem(key) !== null, isKept, key);
    });

    it("lasts as long as the page if the storage is full or blocked", () => {
        const full = new FakeStorage({ octoprint: "mine" }, 50);
        for (const storage of [full, refuse, denied, unusable]) {
            const page = openPage(storage);
            heatUp(page, 1000);
            assert.equal(scored(page), 1);
            heatUp(page, 5000);
            assert.equal(heatUps(page), 2);
            page.forget();
            assert.equal(heatUps(page), null);
            heatUp(page, 9000);
            page.reloadLearned();
            assert.equal(heatUps(page), null);
        }
        assert.equal(full.characters, "octoprintmine".length);
    });

    it("is forgotten by the page, its storage, and every page that reads that again", () => {
        const foreign = [
            "octoprint",
            "temp_eta/1/test2/bed",
            "temp_eta/1/test/2/bed",
            "temp_eta/2/test/bed",
        ];
        const own = ["temp_eta/1/test/dryer", "temp_eta/aside/1/test/tool0"];
        const entries = [...foreign, ...own].map((key) => [key, "[1]"]);
        const storage = new FakeStorage(Object.fromEntries(entries));
        const [one, other] = [openPage(storage), openPage(storage)];
        heatUp(one, 1000);
        heatUp(one, 5000);
        heatUp(other, 5000);
        assert.equal(heatUps(other), 2);

        one.forget();
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
        unequipped.forget();
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
        assert.equal(storage.key(0), "temp_eta/1//base/_default/tool0");
        assert.equal(openPage(storage, "/base/_default").learned().length, 1);
        assert.equal(openPage(storage, "/base").learned().length, 0);
    });
});

describe("an update", () => {
    const [basedOn, time] = [1e6, 1e6 + 3600];
    const update = { heater: "bed", numbers: [1, time, 2], basedOn };

    /** What is stored afterwards, and which states of other tabs were taken over. */
    function save(stored, { accepts = true } = {}) {
        const storage = new FakeStorage(stored === undefined ? {} : { [BED]: stored });
        const taken = [];
        const accept = (...state) => accepts && taken.push(state) > 0;
        new LearnedModels(() => storage, "test").save(update, accept);
        const aside = storage.getItem("temp_eta/aside/1/test/bed");
        return { stored: storage.getItem(BED), taken, aside };
    }

    it("replaces what it is based on, and nothing that is newer", () => {
        const own = JSON.stringify(update.numbers);
        for (const [other, replaces] of [
            [basedOn - 1000, true],
            [basedOn, true],
            // Stored times are rounded.
            [basedOn + 0.9, true],
            [basedOn + 2, false],
            [time, false],
            [time + 59, false],
            // The server's clock was set back since.
            [time + 61, true],
            [time + 1e5, true],
        ]) {
            const text = JSON.stringify([1, other, 5]);
            const { stored, taken, aside } = save(text);
            assert.equal(stored, replaces ? own : text, `${other}`);
            assert.deepEqual(taken, replaces ? [] : [["bed", [1, other, 5]]]);
            assert.equal(aside, null);
        }
        assert.deepEqual(save(undefined), { stored: own, taken: [], aside: null });
    });

    it("replaces what is newer and invalid", () => {
        const text = JSON.stringify([1, time, 5]);
        const { stored, aside } = save(text, { accepts: false });
        assert.equal(stored, JSON.stringify(update.numbers));
        assert.equal(aside, text);
    });

    it("is not stored if it is too long", () => {
        const storage = new FakeStorage();
        const numbers = [1, time, ...Array.from({ length: 1000 }, () => 0.5)];
        const models = new LearnedModels(() => storage, "test");
        models.save({ heater: "bed", numbers, basedOn }, assert.fail);
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
