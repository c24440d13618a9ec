import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { Failure } from "../run/failure.mjs";
import { filesBelow } from "../run/stamp.mjs";

/**
 * Fails if a page of the site links to a missing file or anchor.
 *
 * mkdocs checks links between its pages; this checks the built site, including scripts, pictures
 * and rustdoc.
 */
export function checkLinks(site) {
    const pages = filesBelow(site).filter(isOurPage(site));
    const anchors = new Map();
    const broken = [];
    for (const page of pages) {
        for (const link of linksOf(readFileSync(page, "utf8"))) {
            const [path, anchor] = target(site, page, link);
            const file = path && whichIs(path);
            const name = `${relative(site, page)}: ${link}`;
            if (!file) broken.push(name);
            else if (anchor && file.endsWith(".html")) {
                if (!anchors.has(file)) anchors.set(file, anchorsOf(file));
                if (!anchors.get(file).has(anchor)) broken.push(name);
            }
        }
    }
    if (broken.length) {
        throw new Failure(`Links that lead nowhere:\n    ${broken.join("\n    ")}`);
    }
    console.log(`Links of ${pages.length} pages lead somewhere.`);
}

/** Not checked: rustdoc checks its own links, and 404.html is served at any path. */
const isOurPage = (site) => (file) => {
    const name = relative(site, file);
    const isForeign = name.startsWith(`rust${sep}`) || name === "404.html";
    return name.endsWith(".html") && !isForeign;
};

function linksOf(html) {
    const found = html.matchAll(/<[a-z][^>]*?\s(?:href|src)="([^"]*)"/g);
    const all = [...found].map(([, link]) => link.replaceAll("&amp;", "&"));
    return new Set(all.filter((link) => !/^[a-z]+:|^\/\//i.test(link)));
}

/** The path and the anchor of a link, resolved for its page. */
function target(site, page, link) {
    const [, path, anchor] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(link);
    const base = path.startsWith("/") ? site : dirname(page);
    return [path ? join(base, decodeURI(path)) : page, decodeURIComponent(anchor ?? "")];
}

function whichIs(path) {
    if (!existsSync(path)) return null;
    if (!statSync(path).isDirectory()) return path;
    const index = join(path, "index.html");
    return existsSync(index) ? index : null;
}

function anchorsOf(file) {
    const found = readFileSync(file, "utf8").matchAll(/\s(?:id|name)="?([^"\s>]+)/g);
    // An empty anchor is the top of the page.
    return new Set(["", "__skip", ...[...found].map(([, id]) => id)]);
}
