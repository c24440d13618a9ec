/**
 * What the page says in its corner.
 *
 * @param {{title: string, text: string}} words lines of the text stay lines
 * @param {{type: "success" | "error", delay?: number, hide?: boolean}} look delay in ms
 */
export function notice({ title, text }, look) {
    const escaped = { title_escape: true, text_escape: true };
    new PNotify({ title, text, ...escaped, addclass: "temp-eta-notice", ...look });
}
