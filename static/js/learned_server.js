/**
 * OctoPrint's file with what was learned from the heaters of a printer profile, see api.py. Requests
 * reject if there is no usable answer.
 *
 * @typedef {import("./storage.js").Copy} Copy
 * @typedef {import("./learned_data.js").Entry} Entry
 *
 * @typedef {object} Head
 * @property {string} file id of the file; another one if it was lost and began anew
 * @property {number} revision raised by each write and each deletion
 * @property {number} deletedAt when all was deleted last, server time in s; 0 for never
 *
 * @typedef {Head & {readable: boolean, heaters: Map<string, Entry>}} Content
 *
 * @typedef {object} Result
 * @property {"stored" | "outdated" | "unwritable"} result
 * @property {Entry | null} entry the present one, if another has written it
 *
 * @typedef {object} LearnedServer
 * @property {() => Promise<string>} currentProfile for users who may not read printer profiles
 * @property {(profile: string) => Promise<Content>} read
 * @property {(profile: string, heater: string, copy: Copy) =>
 *     Promise<(Head & Result) | {result: "refused"}>} store
 * @property {(profile: string) => Promise<Head & Result>} forget
 */

import { isState } from "./storage.js";

const RESULTS = ["stored", "outdated", "unwritable"];

/** HTTP status for what can never be stored, such as an impossible name of a heater. */
const BAD_REQUEST = 400;

/** @type {LearnedServer} */
export const learnedServer = {
    async currentProfile() {
        const data = { learned: "" };
        const answer = await OctoPrint.simpleApiGet("temp_eta", { data });
        if (typeof answer?.profile !== "string") throw new TypeError("no profile");
        return answer.profile;
    },

    async read(profile) {
        const data = { learned: profile };
        const answer = await OctoPrint.simpleApiGet("temp_eta", { data });
        const heaters = Object.entries(answer?.heaters ?? {});
        return {
            ...head(answer),
            readable: answer.readable === true,
            heaters: new Map(heaters.map(([heater, it]) => [heater, entry(it)])),
        };
    },

    async store(profile, heater, { file, revision, numbers }) {
        const state = { profile, heater, file, based_on: revision, numbers };
        try {
            return result(await command("store_learned", state));
        } catch (error) {
            const { status } = /** @type {JQuery.jqXHR} */ (error);
            if (status === BAD_REQUEST) return { result: "refused" };
            throw error;
        }
    },

    async forget(profile) {
        return result(await command("forget_learned", { profile }));
    },
};

/** @type {(name: string, data: object) => Promise<any>} */
const command = (name, data) =>
    Promise.resolve(OctoPrint.simpleApiCommand("temp_eta", name, data));

/**
 * @param {any} answer
 * @returns {Head & Result}
 */
function result(answer) {
    if (!RESULTS.includes(answer?.result)) throw new TypeError("no result");
    const { result, entry: present } = answer;
    return { ...head(answer), result, entry: present ? entry(present) : null };
}

/**
 * @param {any} answer
 * @returns {Head}
 */
function head(answer) {
    const { file, revision, deleted_at: deletedAt } = answer ?? {};
    if (typeof file !== "string") throw new TypeError("no file");
    if (!Number.isSafeInteger(revision) || !Number.isFinite(deletedAt))
        throw new TypeError("no revision");
    return { file, revision, deletedAt };
}

/**
 * @param {any} value
 * @returns {Entry}
 */
function entry(value) {
    const { revision, numbers } = value ?? {};
    if (!Number.isSafeInteger(revision) || !isState(numbers))
        throw new TypeError("no entry");
    return { revision, numbers };
}
