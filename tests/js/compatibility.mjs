// Finds what the oldest browsers of scripts/build/browsers.mjs lack, with MDN's compatibility data.
import data from "@mdn/browser-compat-data" with { type: "json" };
import { transform } from "esbuild";
import { BROWSERS } from "../../scripts/build/browsers.mjs";

/**
 * The first line of `source` whose syntax esbuild would have to translate for `options.target`, or
 * the reason why it cannot; `null` if there is none.
 */
export async function newerSyntax(source, options) {
    const printed = async (target) => {
        const { code, warnings } = await transform(source, {
            charset: "utf8",
            logLevel: "silent",
            ...options,
            target,
        });
        return [...code.split("\n"), ...warnings.map(({ text }) => text)];
    };
    try {
        const newest = await printed("esnext");
        const translated = await printed(options.target);
        const differs = (line, i) => line !== newest[i];
        if (!translated.some(differs)) return null;
        return newest[translated.findIndex(differs)].trim().slice(0, 120);
    } catch (error) {
        return error.message;
    }
}

/**
 * Globals and members in JavaScript that no object of the oldest browsers has. Types are unknown
 * here: a member counts as supported if any object has one of that name, so an own method hides a
 * new one. Members that are destructured or computed are not seen.
 */
export function newerNames(source) {
    const globals = [...source.matchAll(/(?<![.\w$#])([A-Za-z]\w*)(?=[.(])/g)];
    const members = [...source.matchAll(/[\w$)\]}"'`]\??\.([A-Za-z]\w*)/g)];
    return unique([
        ...globals.map(([, name]) => name).filter((name) => GLOBALS.get(name) === false),
        ...members.map(([, name]) => name).filter((name) => MEMBERS.get(name) === false),
    ]);
}

/** At-rules, selectors, properties and their values in CSS that the oldest browsers lack. */
export function newerStyles(css) {
    const { properties, selectors, types, "at-rules": atRules } = data.css;
    const found = [];
    const check = (text, entry) => isLacking(entry?.__compat) && found.push(text);
    for (const [, name] of css.matchAll(/@([\w-]+)/g)) check(`@${name}`, atRules[name]);
    for (const [, prelude] of css.matchAll(/([^{};]+)\{/g)) {
        for (const [text, name] of prelude.matchAll(/::?([\w-]+)(?![\w-]*px)/g))
            check(text, selectors[name]);
    }
    for (const [, name, value] of css.matchAll(/[{;]([\w-]+):([^;{}]+)(?=[;}])/g)) {
        const property = properties[name];
        check(name, property);
        for (const [word] of value.matchAll(/(?<![\w#"-])[a-z][\w-]*/g)) {
            check(
                `${name}: ${word}`,
                property?.[word] ?? types[word] ?? types.color[word],
            );
        }
    }
    return unique(found);
}

const unique = (list) => [...new Set(list)].sort();

/** Whether one of the oldest browsers lacks a feature; unknown ones count as supported. */
function isLacking(compat) {
    return BROWSERS.some(({ compat: names, oldest }) =>
        names.some((name) => {
            const support = compat?.support[name];
            return support && ![support].flat().some((it) => isSince(it, oldest));
        }),
    );
}

function isSince(statement, oldest) {
    const { version_added: added, version_removed: removed } = statement;
    const { flags, prefix, alternative_name: other } = statement;
    return (
        !(flags || prefix || other || removed) &&
        Number.parseFloat(String(added).replace("≤", "")) <= oldest
    );
}

/** Whether the oldest browsers have a global, by name; and a member, of whatever object. */
const GLOBALS = new Map();
const MEMBERS = new Map();

for (const objects of [data.javascript.builtins, data.api]) {
    for (const [name, { __compat, ...members }] of Object.entries(objects)) {
        add(GLOBALS, name, __compat);
        // What is created by a newer global cannot be reached without that.
        if (__compat && isLacking(__compat)) continue;
        for (const [key, member] of Object.entries(members)) {
            add(MEMBERS, key.replace(/_static$/, ""), member.__compat);
        }
    }
}

function add(names, name, compat) {
    if (compat) names.set(name, names.get(name) || !isLacking(compat));
}
