/**
 * What a button beside a text field does: it puts the field's text on the clipboard.
 */
export class Clipboard {
    constructor() {
        this.copied = ko.observable(false);
    }

    /**
     * A page without encryption has no other way.
     *
     * @param {HTMLInputElement | HTMLTextAreaElement} field
     */
    copy(field) {
        field.select();
        this.copied(document.execCommand("copy"));
    }
}
