// OctoPrint's socket messages, rewritten on their way into the page.

/**
 * Has every message of the socket go through `window.rewrite`, which is to return it, changed
 * or not; `window.histories` counts those that brought a history, and `window.deliver` brings
 * one that the server has not sent.
 */
export function rewriteMessages(page) {
    return page.addInitScript(() => {
        window.rewrite = (message) => message;
        window.histories = 0;
        const rewritten = (data) => {
            // SockJS frames: an array of messages begins with "a".
            if (!data.startsWith("a")) return data;
            const messages = JSON.parse(data.slice(1)).map(window.rewrite);
            return `a${JSON.stringify(messages)}`;
        };
        window.WebSocket = class extends window.WebSocket {
            set onmessage(handler) {
                window.deliver = (message) =>
                    handler({ data: `a${JSON.stringify([message])}` });
                super.onmessage = ({ data }) => {
                    handler({ data: rewritten(data) });
                    if (data.includes('"history"')) window.histories++;
                };
            }
        };
    });
}
