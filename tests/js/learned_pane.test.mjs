// What was learned, in the settings: who keeps it, and files of it.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { LearnedPane } from "../../static/js/learned_pane.js";
import { learnedServer } from "../../static/js/learned_server.js";
import "./octoprint.mjs";

const FILE = {
    content: "Temperature ETA: learned data",
    version: 1,
    profile: "_default",
    heaters: { bed: [1, 2], tool0: [3] },
};

/** A file of the user's. */
const file = (content) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    return { size: text.length, text: async () => text };
};

/** A pane whose page accepts states of less than 9 only; `notices` gets what it says. */
function open({ problem = "", forgets = true } = {}) {
    const notices = [];
    const downloads = [];
    const replaced = [];
    const state = { problem };
    const pane = new LearnedPane({
        problem: () => state.problem,
        profile: () => "_default",
        states: () => new Map(Object.entries(FILE.heaters)),
        experience: (_, numbers) =>
            Array.isArray(numbers) && numbers.every((it) => it < 9) ? 1 : -1,
        replace: async (states) => {
            replaced.push(Object.fromEntries(states));
            return problem === "";
        },
        forget: async () => forgets,
        names: (heaters) => heaters.join(", "),
        notify: (title, lines, type) => notices.push([title, lines, type]),
        download: (...args) => downloads.push(args),
    });
    return { pane, state, notices, downloads, replaced };
}

/** What is asked before something is done; each is confirmed. */
const asked = [];
globalThis.showConfirmationDialog = ({ message, onproceed }) => {
    // As OctoPrint's Lodash has it.
    assert.equal(Object.prototype.toString.call(onproceed), "[object Function]");
    asked.push(message);
    return onproceed();
};
afterEach(() => asked.splice(0));

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("what was learned, in the settings,", () => {
    it("says who keeps it, and why if it is only this browser", () => {
        for (const [problem, text] of [
            ["", /^Stored by OctoPrint for all browsers and for itself\.$/],
            ["no_permission", /what this browser learns is not added: you do not have/],
            ["no_answer", /^Stored only in this .* no usable answer\.$/],
            ["unwritable", /^Stored only in this .* disk may be full\.$/],
            ["unreadable", /^Stored only in this .* Its log says why\.$/],
            ["not_running", /^The calculation is not running\.$/],
        ])
            assert.match(open({ problem }).pane.keeping(), text);
    });

    it("is deleted after a question that says whose it is", async () => {
        for (const [problem, question] of [
            ["", /for all browsers and for OctoPrint itself/],
            ["no_permission", /What OctoPrint keeps stays/],
        ]) {
            const { pane, notices } = open({ problem });
            pane.forget();
            await settle();
            assert.match(asked.pop(), question);
            assert.deepEqual(notices, []);
        }
    });

    it("says why it was not deleted", async () => {
        for (const [problem, reason] of [
            ["no_answer", "OctoPrint gives no usable answer."],
            ["unwritable", "OctoPrint could not write its file. Its disk may be full."],
        ]) {
            const { pane, notices } = open({ problem, forgets: false });
            pane.forget();
            await settle();
            assert.deepEqual(notices, [["Nothing was deleted", [reason], undefined]]);
        }
    });

    it("is saved to a file that it can be read from", async () => {
        const { pane, downloads, replaced, notices } = open();
        pane.save();
        const [[name, text]] = downloads;
        assert.equal(name, "temperature-eta-_default.json");
        assert.deepEqual(JSON.parse(text), FILE);
        await pane.read(file(text));
        await settle();
        assert.deepEqual(asked, ["This replaces what was learned about: bed, tool0"]);
        assert.deepEqual(replaced, [FILE.heaters]);
        assert.deepEqual(notices, [["Imported: bed, tool0", [], "success"]]);
    });

    it("asks about names as text, which OctoPrint would take for HTML", async () => {
        const { pane } = open();
        await pane.read(file({ ...FILE, heaters: { "<img src=x>": [1] } }));
        await settle();
        assert.match(asked.pop(), /: &lt;img src=x&gt;$/);
    });

    it("says what is not usable in a file", async () => {
        const { pane, replaced, notices } = open();
        const heaters = { ...FILE.heaters, tool1: [9], chamber: "x", dryer: null };
        await pane.read(file({ ...FILE, heaters }));
        await settle();
        assert.deepEqual(replaced, [FILE.heaters]);
        const [[title, [line], type]] = notices;
        assert.equal(title, "Imported: bed, tool0");
        assert.match(line, /damaged or from a newer version: tool1, chamber, dryer$/);
        assert.equal(type, undefined);
    });

    it("says if an import stays in this browser", async () => {
        const { pane, notices } = open({ problem: "no_answer" });
        await pane.read(file(FILE));
        await settle();
        const [[title, [line]]] = notices;
        assert.equal(title, "Imported in this browser only: bed, tool0");
        assert.match(line, /Stored only in this browser for now/);
    });

    it("takes nothing from a file that has nothing usable", async () => {
        const many = Array.from({ length: 33 }, (_, i) => [`heater${i}`, [1]]);
        for (const [content, reason] of [
            ["", /no learned data/],
            ["null", /no learned data/],
            ["[]", /no learned data/],
            ['{"heaters": {"bed": [1]}}', /no learned data/],
            ["x".repeat(1_000_001), /too large/],
            [{ ...FILE, version: 2 }, /newer version of this plugin/],
            [{ ...FILE, heaters: {} }, /nothing in the file/],
            [{ ...FILE, heaters: null }, /nothing in the file/],
            [{ ...FILE, heaters: Object.fromEntries(many) }, /too many heaters/],
            [{ ...FILE, heaters: { bed: [9] } }, /damaged or from a newer version: bed/],
        ]) {
            const { pane, notices, replaced } = open();
            await pane.read(file(content));
            await settle();
            const [[title, lines]] = notices;
            assert.equal(title, "Nothing was imported");
            assert.match(lines.join(), reason);
            assert.deepEqual([replaced, asked], [[], []]);
        }
    });
});

describe("OctoPrint's answer", () => {
    const HEAD = { file: "x", revision: 2, deleted_at: 0 };
    const ENTRY = { revision: 2, numbers: [1, 2] };

    /** Lets OctoPrint give this answer; an error rejects. */
    function answer(value) {
        const respond = async () => {
            if (value instanceof Error) throw value;
            return value;
        };
        globalThis.OctoPrint = { simpleApiGet: respond, simpleApiCommand: respond };
    }

    const copy = { numbers: [1], file: "x", revision: 1, changed: true };
    const store = () => learnedServer.store("_default", "bed", copy);

    it("is decoded", async () => {
        answer({ ...HEAD, readable: true, heaters: { bed: ENTRY } });
        assert.deepEqual(await learnedServer.read("_default"), {
            ...{ file: "x", revision: 2, deletedAt: 0, readable: true },
            heaters: new Map([["bed", ENTRY]]),
        });
        answer({ ...HEAD, profile: "two", readable: true, heaters: {} });
        assert.equal(await learnedServer.currentProfile(), "two");
        answer({ ...HEAD, result: "outdated", entry: ENTRY });
        assert.equal((await store()).entry.revision, 2);
        answer({ ...HEAD, result: "stored" });
        assert.equal((await store()).entry, null);
        answer(Object.assign(new Error(), { status: 400 }));
        assert.deepEqual(await store(), { result: "refused" });
    });

    it("is rejected if it has another form", async () => {
        for (const odd of [
            undefined,
            null,
            "hello",
            {},
            { ...HEAD, file: 5 },
            { ...HEAD, revision: 1.5 },
            { ...HEAD, deleted_at: "now" },
            { ...HEAD, heaters: { bed: null } },
            { ...HEAD, heaters: { bed: { ...ENTRY, numbers: [null] } } },
            { ...HEAD, heaters: { bed: { ...ENTRY, revision: "2" } } },
        ]) {
            answer(odd);
            await assert.rejects(learnedServer.read("_default"), JSON.stringify(odd));
            await assert.rejects(learnedServer.currentProfile());
        }
        for (const odd of [null, HEAD, { ...HEAD, result: "magic" }]) {
            answer(odd);
            await assert.rejects(store(), JSON.stringify(odd));
            await assert.rejects(learnedServer.forget("_default"));
        }
        answer(Object.assign(new Error(), { status: 403 }));
        await assert.rejects(store());
    });
});
