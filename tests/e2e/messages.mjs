// Rewrites OctoPrint's socket messages before the page gets them.

/**
 * Passes each message of the socket to `window.rewrite`, which returns it, changed or not.
 * `window.histories` counts messages with a history; `window.deliver` sends a message to the
 * page.
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
