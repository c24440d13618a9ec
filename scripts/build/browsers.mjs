/**
 * The oldest browsers that the page is built for. The build, the message in older browsers and
 * the documentation (`npm run browsers`) follow from this list, and tests/js/browsers.test.mjs
 * checks the built files and the linters' configuration against it.
 *
 * What sets the limits: logical assignment and the module's multiple results (Chrome), private
 * methods (Firefox, Safari).
 *
 * - `compat`: names in MDN's compatibility data; `id`, the first of them, is also esbuild's
 * - `names`: what the browsers are called
 * - `released`: year and month
 */
export const BROWSERS = [
    {
        id: "chrome",
        compat: ["chrome", "chrome_android", "edge"],
        names: ["Chrome", "Edge"],
        others: "other browsers based on Chromium",
        oldest: 85,
        released: "2020-08",
    },
    {
        id: "firefox",
        compat: ["firefox", "firefox_android"],
        names: ["Firefox"],
        oldest: 90,
        released: "2021-07",
    },
    {
        id: "safari",
        compat: ["safari", "safari_ios"],
        // All browsers on iPhone and iPad are Safari's.
        names: ["Safari", "iOS"],
        oldest: 15,
        released: "2021-09",
    },
];

/** The list for esbuild. */
export const TARGETS = BROWSERS.map(({ id, oldest }) => `${id}${oldest}`);

/** The list in words: "Chrome 85, Edge 85, Firefox 90, Safari 15". */
export const OLDEST_BROWSERS = BROWSERS.flatMap(({ names, oldest }) =>
    names.map((name) => `${name} ${oldest}`),
).join(", ");
