/** Sections of a module by their numbers in WebAssembly's binary format. */
const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
const DATA = 11;

const BINDINGS =
    /temp_eta::bindings|serde|wasm_bindgen|js_sys|web_sys|gloo|externref|tempeta|__wb|panic_hook::/;

/** The origin of a function; the first match counts. */
const ORIGINS = [
    ["the calculation (core)", /temp_eta::core::/],
    ["the bindings and their conversions", BINDINGS],
    ["Rust's standard library", /./],
];

/**
 * The bytes of code of each part of a module, by the names of its functions, and of its data.
 *
 * @param {Uint8Array} wasm
 * @returns {{origin: string, bytes: number}[]}
 */
export function byOrigin(wasm) {
    const sections = sectionsOf(wasm);
    const section = (id) => new Reader(sections.find((it) => it.id === id).bytes);
    const names = functionNames(sections);
    const bytes = Object.fromEntries(ORIGINS.map(([origin]) => [origin, 0]));
    const code = section(CODE);
    let index = importedFunctions(section(IMPORT));
    for (let left = code.number(); left > 0; left--, index++) {
        const size = code.number();
        code.skip(size);
        const [origin] = ORIGINS.find(([, has]) => has.test(names.get(index) ?? "?"));
        bytes[origin] += size;
    }
    const parts = Object.entries(bytes).map(([origin, it]) => ({ origin, bytes: it }));
    return [...parts, { origin: "data", bytes: section(DATA).length }];
}

function sectionsOf(wasm) {
    const reader = new Reader(wasm);
    reader.skip(8);
    const sections = [];
    while (reader.left) {
        const id = reader.number();
        sections.push({ id, bytes: reader.take(reader.number()) });
    }
    return sections;
}

/** Imports, which with wasm-bindgen are functions: two names and a type index. */
function importedFunctions(reader) {
    const many = reader.number();
    for (let i = 0; i < many; i++) {
        reader.text();
        reader.text();
        if (reader.number() !== 0) throw new Error("Something else than a function.");
        reader.number();
    }
    return many;
}

/** Function names by index; https://webassembly.github.io/spec/core/appendix/custom.html */
function functionNames(sections) {
    const names = new Map();
    for (const { id, bytes } of sections) {
        const reader = new Reader(bytes);
        if (id !== CUSTOM || reader.text() !== "name") continue;
        while (reader.left) {
            const subsection = reader.number();
            const content = new Reader(reader.take(reader.number()));
            if (subsection !== 1) continue;
            for (let left = content.number(); left > 0; left--) {
                names.set(content.number(), content.text());
            }
        }
    }
    return names;
}

/** Reads LEB128 numbers and texts in sequence. */
class Reader {
    #bytes;
    #at = 0;

    constructor(bytes) {
        this.#bytes = bytes;
    }

    get length() {
        return this.#bytes.length;
    }

    get left() {
        return this.#bytes.length - this.#at;
    }

    skip(many) {
        this.#at += many;
    }

    take(many) {
        this.#at += many;
        return this.#bytes.subarray(this.#at - many, this.#at);
    }

    number() {
        let [value, shift, byte] = [0, 0, 0];
        do {
            [byte] = this.take(1);
            value += (byte & 0x7f) * 2 ** shift;
            shift += 7;
        } while (byte & 0x80);
        return value;
    }

    text() {
        return new TextDecoder().decode(this.take(this.number()));
    }
}
