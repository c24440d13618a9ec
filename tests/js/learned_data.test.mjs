// What is learned in pages that share it: the built module, and a fake of OctoPrint's file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, before, describe, it } from "node:test";
import { FakeStorage } from "./fake_storage.mjs";
import { closePages, heatUp, initialize, newPage, PROFILE } from "./learning_page.mjs";

const BED = "temp_eta/2/test/bed";

/** The state of a bed with 4 heat-ups and 4 cool-downs, as version 0.1.0 wrote it. */
const OLD = readFileSync(new URL("../data/state-0.1.0.json", import.meta.url), "utf8");

const USER = { read: true, write: true };
const GUEST = { read: true, write: false };

before(initialize);
afterEach(closePages);

/** OctoPrint's file, as octoprint_temp_eta/learned_data.py keeps it. */
class FakeOctoPrint {
    file = "first";
    revision = 0;
    deletedAt = 0;
    heaters = new Map();
    readable = true;
    writable = true;
    answers = true;
    /** Whether a hostile client writes before every write. */
    isOvertaking = false;
    /** What was asked for. */
    requests = [];
    #pages = new Set();

    /** Pages that hear of changes. */
    connect(page) {
        this.#pages.add(page);
    }

    disconnect(page) {
        this.#pages.delete(page);
    }

    /** The revision of the bed's entry, and its heat-ups. */
    get bed() {
        const bed = this.heaters.get("bed");
        return bed ? [bed.revision, bed.numbers[2]] : null;
    }

    /** Another browser or MQTT publishing writes, or deletes everything. */
    change(heater, numbers) {
        this.revision += 1;
        if (heater) this.heaters.set(heater, { revision: this.revision, numbers });
        else this.#delete();
        this.#announce(heater);
    }

    /** What the page calls. */
    get server() {
        const asked = async (what) => {
            this.requests.push(what);
            await null;
            if (!this.answers) throw new Error("no answer");
        };
        return {
            read: async () => {
                await asked("read");
                const { readable } = this;
                return { ...this.#head(), readable, heaters: new Map(this.heaters) };
            },
            store: async (_profile, heater, { file, revision, numbers }) => {
                await asked("store");
                if (this.isOvertaking) this.change(heater, [1]);
                const entry = this.heaters.get(heater) ?? null;
                if (heater === "refused") return { result: "refused" };
                const isNext = this.file === file && (entry?.revision ?? 0) === revision;
                if (!isNext) return { ...this.#head(), result: "outdated", entry };
                if (!this.writable)
                    return { ...this.#head(), result: "unwritable", entry: null };
                this.change(heater, numbers);
                return { ...this.#head(), result: "stored", entry: null };
            },
            forget: async () => {
                await asked("forget");
                if (!this.writable)
                    return { ...this.#head(), result: "unwritable", entry: null };
                this.change(null);
                return { ...this.#head(), result: "stored", entry: null };
            },
        };
    }

    #head() {
        const { file, revision, deletedAt } = this;
        return { file, revision, deletedAt };
    }

    #delete() {
        this.heaters.clear();
        this.deletedAt = 1e9;
    }

    #announce(heater) {
        const { revision } = this;
        for (const page of this.#pages)
            page.announceLearned({ profile: "one", heater, revision });
    }
}

/** Lets all requests be answered. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A connected page of a user's browser. */
async function openPage(octoprint, { storage = new FakeStorage(), access = USER } = {}) {
    const page = newPage({ storage, server: octoprint.server });
    page.setProfile(PROFILE);
    page.allow(access);
    octoprint.connect(page);
    page.connected();
    await settle();
    return Object.assign(page, { stored: storage });
}

const heatUps = (page) =>
    page.learned().find(({ heater }) => heater === "bed")?.heatUps ?? 0;

/** The page's copy of the bed's state in its browser, without the numbers. */
function copy({ stored }) {
    const text = stored.getItem(BED);
    if (text === null) return null;
    const { file, revision, changed } = JSON.parse(text);
    return [file, revision, changed];
}

/** The requests since the last call. */
const requests = (octoprint) => octoprint.requests.splice(0).join(" ");

describe("what a page learns", () => {
    it("is stored by OctoPrint, and known in another browser at once", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        assert.equal(requests(octoprint), "read");
        heatUp(page, 1000);
        await settle();
        assert.equal(requests(octoprint), "store");
        assert.deepEqual(octoprint.bed, [1, 1]);
        assert.deepEqual(copy(page), ["first", 1, false]);
        assert.equal(page.problem, "");

        const other = await openPage(octoprint);
        assert.equal(heatUps(other), 1);
        assert.deepEqual(copy(other), ["first", 1, false]);
        heatUp(other, 5000);
        await settle();
        assert.equal(heatUps(page), 2, "an open page takes it as well");
        assert.equal(requests(octoprint), "read store read");
    });

    it("costs nothing while nothing is learned", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        requests(octoprint);
        for (let second = 0; second < 1000; second += 2) {
            const bed = { actual: 20, target: 0 };
            page.ingest({ serverTime: second + 0.5, temps: [{ time: second, bed }] }, 0);
        }
        page.setProfile({ ...PROFILE, tools: 2 });
        await settle();
        assert.equal(requests(octoprint), "");
    });

    it("counts once for two pages, however fast they are", async () => {
        const octoprint = new FakeOctoPrint();
        const pages = [await openPage(octoprint), await openPage(octoprint)];
        requests(octoprint);
        for (let number = 1; number <= 3; number++) {
            for (const page of pages) heatUp(page, 4000 * number);
            await settle();
            assert.deepEqual(octoprint.bed, [number, number]);
            assert.deepEqual(pages.map(heatUps), [number, number]);
            for (const page of pages)
                assert.deepEqual(copy(page), ["first", number, false]);
            assert.equal(requests(octoprint), "store store");
        }
    });

    it("continues with the newer state after a sleep", async () => {
        const octoprint = new FakeOctoPrint();
        const [page, asleep] = [await openPage(octoprint), await openPage(octoprint)];
        octoprint.disconnect(asleep);
        for (let number = 1; number <= 3; number++) {
            heatUp(page, 4000 * number);
            await settle();
        }
        // It sees only the last, in the history of its new connection.
        heatUp(asleep, 12_000);
        asleep.connected();
        await settle();
        assert.equal(heatUps(asleep), 3);
        assert.deepEqual(octoprint.bed, [3, 3]);
        assert.deepEqual(copy(asleep), ["first", 3, false]);
    });

    it("is read again when it was missed", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        heatUp(page, 1000);
        await settle();
        requests(octoprint);
        const state = octoprint.heaters.get("bed").numbers;
        octoprint.disconnect(page);
        octoprint.change("tool0", state);
        octoprint.connect(page);
        octoprint.change("chamber", state);
        await settle();
        assert.equal(requests(octoprint), "read");
        assert.deepEqual([...page.states.keys()].sort(), ["bed", "chamber", "tool0"]);
        // Messages about other printers, or nonsense.
        for (const odd of [{ profile: "two", revision: 9 }, { profile: "one" }, {}])
            page.announceLearned(odd);
        await settle();
        assert.equal(requests(octoprint), "");
    });

    it("stays in the browser while OctoPrint does not answer", async () => {
        const octoprint = new FakeOctoPrint();
        octoprint.answers = false;
        const page = await openPage(octoprint);
        octoprint.disconnect(page);
        for (const start of [1000, 5000]) heatUp(page, start);
        await settle();
        assert.deepEqual([heatUps(page), page.problem], [2, "no_answer"]);
        assert.deepEqual(copy(page), ["", 0, true]);
        // Another browser knows less.
        octoprint.answers = true;
        heatUp(await openPage(octoprint), 5000);
        await settle();
        assert.deepEqual(octoprint.bed, [1, 1]);
        octoprint.connect(page);
        page.connected();
        await settle();
        assert.deepEqual(octoprint.bed, [2, 2]);
        assert.deepEqual([heatUps(page), page.problem], [2, ""]);
        assert.deepEqual(copy(page), ["first", 2, false]);
    });

    it("stays in the browser if OctoPrint's disk is full or its file unreadable", async () => {
        for (const [fault, problem] of [
            ["writable", "unwritable"],
            ["readable", "unreadable"],
        ]) {
            const octoprint = new FakeOctoPrint();
            octoprint[fault] = false;
            const page = await openPage(octoprint);
            heatUp(page, 1000);
            await settle();
            assert.deepEqual([heatUps(page), page.problem], [1, problem]);
            assert.equal(octoprint.bed, null);
            assert.equal(copy(page)[2], true);
            octoprint[fault] = true;
            heatUp(page, 5000);
            await settle();
            assert.deepEqual([octoprint.bed, page.problem], [[1, 2], ""]);
        }
    });

    it("outlives a restart of OctoPrint between reading and writing", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        heatUp(page, 1000);
        await settle();
        octoprint.answers = false;
        heatUp(page, 5000);
        await settle();
        octoprint.answers = true;
        page.connected();
        await settle();
        assert.deepEqual(octoprint.bed, [2, 2]);
    });

    it("is brought back if OctoPrint has lost its file, or has an older one", async () => {
        for (const lost of [
            { file: "second", revision: 0, heaters: new Map() },
            { file: "second", revision: 9, heaters: new Map() },
            { revision: 1 },
        ]) {
            const octoprint = new FakeOctoPrint();
            const page = await openPage(octoprint);
            for (const start of [1000, 5000, 9000]) {
                heatUp(page, start);
                await settle();
                lost.heaters ??= new Map(octoprint.heaters);
            }
            Object.assign(octoprint, lost);
            octoprint.disconnect(page);
            page.connected();
            await settle();
            assert.equal(octoprint.bed[1], 3);
            assert.equal(heatUps(page), 3);
        }
    });

    it("replaces what no module accepts, which is not used until then", async () => {
        const octoprint = new FakeOctoPrint();
        const [page, other] = [await openPage(octoprint), await openPage(octoprint)];
        heatUp(page, 1000);
        await settle();
        for (const numbers of [[9], [], Array.from({ length: 1000 }, () => 1e308)]) {
            octoprint.change("bed", numbers);
            await settle();
            assert.equal(heatUps(page), heatUps(other));
            assert.ok(heatUps(page) > 0, "the page keeps what it knows");
        }
        assert.equal(heatUps(await openPage(octoprint)), 0);
        for (const it of [page, other]) heatUp(it, 5000);
        await settle();
        assert.deepEqual(octoprint.bed[1], 2);
    });

    it("is not asked for again and again if others write without end", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        requests(octoprint);
        octoprint.isOvertaking = true;
        for (const start of [1000, 5000]) {
            heatUp(page, start);
            await settle();
            assert.equal(requests(octoprint).match(/store/g).length, 5);
        }
        octoprint.isOvertaking = false;
        heatUp(page, 9000);
        await settle();
        assert.equal(octoprint.bed[1], 3);
    });

    it("is stored for other heaters if one is refused", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        const counted = ["refused", "bed"].map((heater) => ({ heater, counted: true }));
        page.configure({ heaters: counted });
        heatUp(page, 1000, "refused");
        heatUp(page, 5000);
        await settle();
        assert.deepEqual(octoprint.bed, [1, 1]);
        requests(octoprint);
        page.connected();
        await settle();
        assert.equal(requests(octoprint), "read");
    });
});

describe("a guest's page", () => {
    it("writes nothing, and uses what OctoPrint keeps", async () => {
        const octoprint = new FakeOctoPrint();
        const user = await openPage(octoprint);
        heatUp(user, 1000);
        await settle();
        const guest = await openPage(octoprint, { access: GUEST });
        assert.equal(heatUps(guest), 1);
        octoprint.disconnect(user);
        heatUp(guest, 5000);
        await settle();
        assert.deepEqual([heatUps(guest), guest.problem], [2, "no_permission"]);
        assert.deepEqual(octoprint.bed, [1, 1]);
        // A user who learns the same takes nothing from the guest.
        heatUp(user, 5000);
        await settle();
        assert.deepEqual(octoprint.bed, [2, 2]);
        for (const start of [9000, 13_000]) {
            heatUp(user, start);
            await settle();
        }
        assert.equal(heatUps(guest), 4, "the newer state");
        await guest.forget();
        await settle();
        assert.deepEqual([octoprint.bed, heatUps(guest)], [[4, 4], 4]);
    });

    it("stores what it has learned once its user has logged in", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint, { access: GUEST });
        heatUp(page, 1000);
        await settle();
        assert.equal(octoprint.bed, null);
        page.allow(USER);
        await settle();
        assert.deepEqual(octoprint.bed, [1, 1]);
    });

    it("asks for nothing without permission, or before it is connected", async () => {
        const octoprint = new FakeOctoPrint();
        const access = { read: false, write: false };
        heatUp(await openPage(octoprint, { access }), 1000);
        const early = newPage({ storage: new FakeStorage(), server: octoprint.server });
        early.setProfile(PROFILE);
        early.allow(USER);
        heatUp(early, 1000);
        await settle();
        assert.equal(requests(octoprint), "");
        assert.equal(heatUps(early), 1);
    });
});

describe("what version 0.1.0 has left in a browser", () => {
    const withOld = () => new FakeStorage({ "temp_eta/1/test/bed": OLD });

    it("is brought over once", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint, { storage: withOld() });
        assert.deepEqual(octoprint.bed, [1, 4]);
        assert.equal(requests(octoprint), "read store");
        assert.deepEqual(copy(page), ["first", 1, false]);
        await openPage(octoprint, { storage: page.stored });
        assert.equal(requests(octoprint), "read");
    });

    it("wins over less, and loses to more or as much", async () => {
        for (const [before, expected] of [
            [7, 4],
            [8, 8],
            [9, 9],
        ]) {
            const octoprint = new FakeOctoPrint();
            const first = await openPage(octoprint);
            for (let number = 0; number < before; number++)
                heatUp(first, 1000 + 4000 * number);
            await settle();
            const page = await openPage(octoprint, { storage: withOld() });
            assert.equal(octoprint.bed[1], expected);
            assert.equal(heatUps(page), expected);
            assert.equal(heatUps(first), expected);
        }
    });

    it("is deleted if everything was deleted since", async () => {
        const octoprint = new FakeOctoPrint();
        octoprint.change(null);
        octoprint.deletedAt = JSON.parse(OLD)[1] + 1;
        const page = await openPage(octoprint, { storage: withOld() });
        assert.deepEqual([octoprint.bed, heatUps(page)], [null, 0]);
        assert.equal(page.stored.length, 0);
    });
});

describe("what a browser has from before a deletion", () => {
    it("does not come back when something has been learned since", async () => {
        const octoprint = new FakeOctoPrint();
        octoprint.change(null);
        octoprint.deletedAt = JSON.parse(OLD)[1] + 1;
        const page = await openPage(octoprint);
        heatUp(page, octoprint.deletedAt + 1000);
        await settle();
        assert.equal(octoprint.bed[1], 1);
        const storage = new FakeStorage({ "temp_eta/1/test/bed": OLD });
        const phone = await openPage(octoprint, { storage });
        assert.deepEqual([octoprint.bed[1], heatUps(phone)], [1, 1]);
    });

    it("is deleted also if all is deleted while it writes", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        heatUp(page, 1000, "tool0");
        heatUp(page, 5000);
        await settle();
        assert.deepEqual([octoprint.heaters.size, heatUps(page)], [2, 1]);
        // The write is under way when another browser deletes.
        heatUp(page, 9000, "tool0");
        octoprint.change(null);
        await settle();
        assert.equal(octoprint.bed, null);
        assert.equal(heatUps(page), 0);
    });
});

describe("deleting", () => {
    it("deletes OctoPrint's, and that of every page, open or not", async () => {
        const octoprint = new FakeOctoPrint();
        const [page, other] = [await openPage(octoprint), await openPage(octoprint)];
        heatUp(page, 1000);
        await settle();
        const closed = await openPage(octoprint);
        octoprint.disconnect(closed);
        assert.equal(heatUps(other), 1);
        assert.equal(await page.forget(), true);
        await settle();
        assert.equal(octoprint.bed, null);
        for (const it of [page, other])
            assert.deepEqual([heatUps(it), it.stored.length], [0, 0]);
        const later = await openPage(octoprint, { storage: closed.stored });
        assert.deepEqual([heatUps(later), later.stored.length], [0, 0]);
        heatUp(page, 5000);
        await settle();
        assert.deepEqual(octoprint.bed, [3, 1]);
        assert.equal(heatUps(other), 1);
    });

    it("deletes nothing if OctoPrint cannot", async () => {
        for (const [fault, problem] of [
            ["answers", "no_answer"],
            ["writable", "unwritable"],
        ]) {
            const octoprint = new FakeOctoPrint();
            const page = await openPage(octoprint);
            heatUp(page, 1000);
            await settle();
            octoprint[fault] = false;
            assert.equal(await page.forget(), false);
            assert.deepEqual([heatUps(page), page.problem], [1, problem]);
        }
    });
});

describe("replacing", () => {
    it("takes states, and stores them even if others know more", async () => {
        const octoprint = new FakeOctoPrint();
        const [page, other] = [await openPage(octoprint), await openPage(octoprint)];
        for (let number = 0; number < 6; number++) heatUp(page, 1000 + 4000 * number);
        await settle();
        const saved = new Map([["bed", JSON.parse(OLD)]]);
        assert.ok(page.experience("bed", saved.get("bed")) > 0);
        assert.equal(page.experience("bed", [9]), -1);
        assert.equal(page.experience("bed", "no list"), -1);
        assert.equal(await page.replaceLearned(saved), true);
        await settle();
        assert.equal(octoprint.bed[1], 4);
        assert.deepEqual([heatUps(page), heatUps(other)], [4, 4]);
        assert.deepEqual(page.states.get("bed"), JSON.parse(OLD));
    });

    it("is stored also if another page writes at that moment", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        for (let number = 0; number < 9; number++) heatUp(page, 1000 + 4000 * number);
        await settle();
        const known = page.states.get("bed");
        const done = page.replaceLearned(new Map([["bed", JSON.parse(OLD)]]));
        await null;
        octoprint.change("bed", known);
        assert.equal(await done, true);
        assert.deepEqual([octoprint.bed[1], heatUps(page)], [4, 4]);
    });

    it("says if it is not stored", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        octoprint.writable = false;
        const saved = new Map([["bed", JSON.parse(OLD)]]);
        assert.equal(await page.replaceLearned(saved), false);
        assert.equal(heatUps(page), 4);
    });

    it("brings back what was deleted, whatever the page knows about that", async () => {
        const octoprint = new FakeOctoPrint();
        const page = await openPage(octoprint);
        const saved = new Map([["bed", JSON.parse(OLD)]]);
        octoprint.disconnect(page);
        octoprint.change(null);
        octoprint.deletedAt = saved.get("bed")[1] + 1;
        page.connected();
        await page.replaceLearned(saved);
        page.connected();
        await settle();
        assert.deepEqual([octoprint.bed, heatUps(page)], [[2, 4], 4]);
    });
});
