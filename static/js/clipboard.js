/** Copies a text field to the clipboard, for the button beside it. */
export class Clipboard {
    constructor() {
        this.copied = ko.observable(false);
    }

    /**
     * Uses `execCommand`, since the Clipboard API needs a secure context.
     *
     * @param {HTMLInputElement | HTMLTextAreaElement} field
     */
    copy(field) {
        field.select();
        this.copied(document.execCommand("copy"));
    }
}
