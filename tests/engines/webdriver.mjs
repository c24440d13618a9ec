// A client of classic WebDriver, https://www.w3.org/TR/webdriver1: what WebKit's drivers speak.
import { writeFileSync } from "node:fs";

/** The key under which an element's reference is sent, §11 of the standard. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Whether a driver accepts sessions. */
export async function isReady(driverUrl) {
    const answer = await fetch(`${driverUrl}/status`).catch(() => null);
    return answer?.ok && (await answer.json()).value.ready;
}

/** The page of a browser, with some of the methods of Playwright's. */
export class WebDriverPage {
    #url;
    version;

    constructor(url, version) {
        this.#url = url;
        this.version = version;
    }

    /** Starts a browser. */
    static async open(driverUrl, alwaysMatch) {
        const body = { capabilities: { alwaysMatch } };
        const session = await call("POST", `${driverUrl}/session`, body);
        const { sessionId, capabilities } = session;
        const url = `${driverUrl}/session/${sessionId}`;
        return new WebDriverPage(url, capabilities.browserVersion);
    }

    /** Ends the browser. */
    end() {
        return call("DELETE", this.#url);
    }

    resize(size) {
        return this.#post("window/rect", size);
    }

    goto(url) {
        return this.#post("url", { url });
    }

    reload() {
        return this.#post("refresh", {});
    }

    /** Calls a function in the page, which gets it as text, with an argument. */
    evaluate(action, argument = null) {
        const script = `return (${action})(arguments[0]);`;
        return this.#post("execute/sync", { script, args: [argument] });
    }

    async click(selector) {
        await this.#post(`element/${await this.#find(selector)}/click`, {});
    }

    /** Replaces the text of a field. */
    async fill(selector, text) {
        const element = await this.#find(selector);
        await this.#post(`element/${element}/clear`, {});
        await this.#post(`element/${element}/value`, { text });
    }

    async screenshot({ path }) {
        const png = await call("GET", `${this.#url}/screenshot`);
        writeFileSync(path, Buffer.from(png, "base64"));
    }

    async #find(selector) {
        const how = { using: "css selector", value: selector };
        return (await this.#post("element", how))[ELEMENT];
    }

    #post(command, body) {
        return call("POST", `${this.#url}/${command}`, body);
    }
}

async function call(method, url, body) {
    const response = await fetch(url, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
}
