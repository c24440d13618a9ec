/**
 * Our entry in OctoPrint's navigation bar. It takes the longest form that does not make the bar
 * higher: all heaters, a single time, or nothing.
 */

/** The classes of the shorter forms. */
const SHORT = "temp-eta-short";
const NO_ROOM = "temp-eta-no-room";

export class NavbarEntry {
    #entry;
    #link;
    /** What the width depends on: all digits are equally wide. */
    #shape = "";
    /** The lowest height of the bar so far, in px. */
    #lowest = Number.POSITIVE_INFINITY;

    /** @param {HTMLElement} link in an entry of the bar's list */
    constructor(link) {
        this.#link = link;
        this.#entry = /** @type {HTMLElement} */ (link.parentElement);
        const list = /** @type {HTMLElement} */ (this.#entry.parentElement);
        const others = new ResizeObserver(() => this.#onOthers());
        const watch = () => {
            others.disconnect();
            for (const other of list.children) {
                if (other !== this.#entry) others.observe(other);
            }
        };
        new MutationObserver(watch).observe(list, { childList: true });
        watch();
        addEventListener("resize", () => this.#fit());
    }

    /** Called when the content may have changed. */
    update() {
        const text = this.#link.textContent?.replace(/\d/g, "0");
        const shape = `${this.#entry.style.display} ${text}`;
        if (shape === this.#shape) return;
        this.#shape = shape;
        this.#fit();
    }

    /** Other entries have become wider or narrower; at this moment, the layout is known. */
    #onOthers() {
        const { classList } = this.#link;
        const isWhole = !classList.contains(SHORT) && !classList.contains(NO_ROOM);
        if (isWhole && this.#height() <= this.#lowest) return;
        this.#fit();
    }

    /** Tries the forms. Each forces a layout, so this is done only if something has changed. */
    #fit() {
        if (this.#entry.style.display === "none") return;
        const without = this.#heightWith(NO_ROOM);
        // 0 while the bar is hidden.
        if (without) this.#lowest = Math.min(this.#lowest, without);
        const fits = ["", SHORT].some((form) => this.#heightWith(form) <= without);
        if (!fits) this.#heightWith(NO_ROOM);
    }

    /** @param {string} form */
    #heightWith(form) {
        for (const name of [SHORT, NO_ROOM]) {
            this.#link.classList.toggle(name, name === form);
        }
        return this.#height();
    }

    /** The height of the bar in px; 0 if another plugin has moved the entry elsewhere. */
    #height() {
        const bar = /** @type {HTMLElement | null} */ (this.#entry.closest(".navbar"));
        return bar?.offsetHeight ?? 0;
    }
}
