/**
 * Shows a PNotify notice in the corner of the page.
 *
 * @param {{title: string, text: string}} words line breaks in the text are kept
 * @param {{type: "success" | "error", delay?: number, hide?: boolean}} look delay in ms
 */
export function notice({ title, text }, look) {
    const escaped = { title_escape: true, text_escape: true };
    new PNotify({ title, text, ...escaped, addclass: "temp-eta-notice", ...look });
}
