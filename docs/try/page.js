/**
 * The page "Try it here": its controls and output.
 *
 * @typedef {import("../../static/wasm/temp_eta.js").TempEta} TempEta
 * @typedef {import("./recording.js").Event} Event
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./replay.js").Algorithm} Algorithm
 *
 * @typedef {object} Parts by what index.md calls them
 * @property {HTMLElement} notice
 * @property {HTMLElement} body
 * @property {HTMLSelectElement} recording
 * @property {HTMLInputElement} learned
 * @property {HTMLElement} learned-words
 * @property {HTMLButtonElement} play
 * @property {HTMLInputElement} scrubber
 * @property {HTMLDataElement} position
 * @property {HTMLElement} source
 */

import { show } from "./cards.js";
import { onColorScheme } from "./colors.js";
import { Diagrams } from "./diagrams.js";
import { loadCalculation, loadRecordings, Unavailable } from "./load.js";
import { Player } from "./player.js";
import { hasEarlier, recordings, source, span } from "./recording.js";
import { Replay } from "./replay.js";
import { since, title } from "./words.js";

/** The first recording shown: a hotend with two earlier heat-ups to learn from. */
const FIRST = "17cbeeae67";

/** Initial position in a recording, as a share of its duration. */
const BEGUN = 0.35;

/** The label of the switch, by whether there are earlier events. */
const LEARN_LABELS = {
    true: "Learn from this printer’s earlier events",
    false: "This is the printer’s first event here",
};

const element = /** @type {HTMLElement} */ (document.getElementById("try"));

/**
 * @template {keyof Parts} Name
 * @param {Name} name
 */
const part = (name) =>
    /** @type {Parts[Name]} */ (element.querySelector(`[data-${name}]`));

/** @param {"speed" | "algorithm"} name */
const chosen = (name) =>
    /** @type {HTMLInputElement} */ (
        element.querySelector(`[name="try-${name}"]:checked`)
    ).value;

start().catch((error) => {
    const why =
        error instanceof Unavailable ? error.message : `The calculation failed: ${error}`;
    const rest = "The replay is not available; see the figures on the page Accuracy.";
    part("body").hidden = true;
    part("notice").hidden = false;
    part("notice").textContent = `${why} ${rest}`;
});

async function start() {
    const [create, data] = await Promise.all([loadCalculation(), loadRecordings()]);
    const printers = recordings(data);
    part("recording").append(...printers.map(group));
    part("recording").value = FIRST;
    part("notice").hidden = true;
    part("body").hidden = false;
    follow(create, new Map(printers.flat().map((it) => [it.event.id, it])));
}

/**
 * The options for one printer's events.
 *
 * @param {Recording[]} printer
 */
function group(printer) {
    const group = document.createElement("optgroup");
    group.label = printer[0].event.printer;
    group.append(
        ...printer.map(
            ({ event }, i) => new Option(`${i + 1}. ${title(event)}`, event.id),
        ),
    );
    return group;
}

/**
 * @param {() => TempEta} create a calculation that knows nothing
 * @param {Map<string, Recording>} byId
 */
function follow(create, byId) {
    // `open` sets both before anything is drawn.
    /** @type {Recording} */
    let recording;
    /** @type {Replay} */
    let replay;
    let due = false;
    const player = new Player(() => {
        if (due) return;
        due = true;
        requestAnimationFrame(() => {
            due = false;
            draw();
        });
    });
    const diagrams = new Diagrams(element, (time) => player.seek(time));

    const draw = () => {
        const now = player.position;
        const algorithm = /** @type {Algorithm} */ (chosen("algorithm"));
        replay.goTo(now);
        show(element, recording, replay, now);
        showPlayer(player, recording.event);
        element.style.setProperty("--try-chosen", `var(--try-${algorithm})`);
        diagrams.draw(replay, now, algorithm);
    };
    const begin = () => {
        replay?.free();
        replay = new Replay(create, recording, { learned: part("learned").checked });
    };
    const open = () => {
        recording = /** @type {Recording} */ (byId.get(part("recording").value));
        const teachable = hasEarlier(recording);
        part("learned").disabled = !teachable;
        if (!teachable) part("learned").checked = false;
        part("learned-words").textContent = teachable
            ? LEARN_LABELS.true
            : LEARN_LABELS.false;
        part("source").replaceChildren(...credits(recording.event));
        begin();
        diagrams.load(recording);
        const { start, arrival } = recording.event;
        player.load(span(recording.event), start + BEGUN * (arrival - start));
        player.pause();
    };

    part("recording").addEventListener("change", open);
    part("learned").addEventListener("change", () => {
        begin();
        draw();
    });
    part("play").addEventListener("click", () =>
        player.playing ? player.pause() : player.play(),
    );
    part("scrubber").addEventListener("input", () =>
        player.seek(player.begin + Number(part("scrubber").value)),
    );
    element.addEventListener("change", ({ target }) => {
        const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (target);
        const { name, value } = control;
        if (name === "try-speed") player.speed = Number(value);
        if (name === "try-algorithm") draw();
    });
    onColorScheme(() => {
        diagrams.paint();
        draw();
    });
    player.speed = Number(chosen("speed"));
    open();
}

/**
 * @param {Player} player
 * @param {Event} event
 */
function showPlayer(player, event) {
    const { begin, end, position, playing } = player;
    const [play, scrubber, place] = [part("play"), part("scrubber"), part("position")];
    play.textContent = playing ? "Pause" : "Play";
    play.toggleAttribute("data-playing", playing);
    const at = since(position - event.start);
    scrubber.max = String(Math.ceil(end - begin));
    scrubber.value = String(position - begin);
    scrubber.setAttribute("aria-valuetext", `${at} since the new target`);
    place.value = (position - event.start).toFixed(3);
    place.textContent = `${at} / ${since(end - event.start)}`;
}

/**
 * The source of a recording.
 *
 * @param {Event} event
 */
function credits(event) {
    const from = source(event);
    if (!from) return [`${event.printer}: ${event.provenance}`];
    const link = document.createElement("a");
    link.href = `https://github.com/${from.repository}`;
    link.textContent = from.repository;
    return [
        `Recorded by ${from.owner}’s printer, one report every ${event.interval} s: times and temperatures from ${from.file} (version ${from.version}), published in `,
        link,
        ".",
    ];
}
