/** Local storage that holds `quota` characters. */
export class FakeStorage {
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
