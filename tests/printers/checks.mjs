// What is right for a recording that was played. A check takes what `play` has returned and
// returns what is wrong, in words, or nothing.

/** A time this short (s) says that the heater is there in a moment. */
const MOMENT = 2;

/** How long it may say so, in s: a heater is often a few seconds late. */
const LONGEST_MOMENT = 15;

/** How near its end a heater has levelled off, in °C. */
const LEVEL = 0.5;

const rowsOf = ({ moments }, heater) =>
    moments.flatMap(({ at, rows, printer }) => {
        const row = heater === "printer" ? printer : rows[heater];
        return row ? [{ at, ...row }] : [];
    });
const within = (rows, from, to = Infinity) =>
    rows.filter(({ at }) => at >= from && at <= to);
const said = ({ remaining, reason }) => (remaining === null ? reason : "a time");

/** The values of `value(row)`, each with the second since when: [[12, "heating"], …]. */
function changes(rows, value) {
    const all = [];
    for (const row of rows) {
        const now = value(row);
        if (now !== all.at(-1)?.[1]) all.push([row.at, now]);
    }
    return all;
}

/** At most the first few of them, as a text. */
const listed = (all) => {
    const text = all.slice(0, 12).map(([at, value]) => `${at} s ${value}`);
    return `${text.join(", ")}${all.length > 12 ? ` … ${all.length} in all` : ""}`;
};

/** The seconds of the rows, as a text. */
const when = (rows) => `${rows.length} times from ${rows[0].at} s to ${rows.at(-1).at} s`;

/** The second since when all readings are near the last one. */
const levelledOffAt = (rows) => {
    const end = rows.at(-1).actual;
    return rows.findLast(({ actual }) => Math.abs(actual - end) > LEVEL).at + 1;
};

/** Only these heaters are shown, in this order, all the time. */
export const shows =
    (heaters) =>
    ({ moments }) => {
        const wrong = changes(moments, ({ rows }) => Object.keys(rows).join(" ")).filter(
            ([, shown]) => shown !== heaters,
        );
        if (wrong.length) return `shown instead of ${heaters}: ${listed(wrong)}`;
    };

/** The printer has reported these as well. */
export const reports =
    (...names) =>
    ({ reported }) => {
        const known = reported.map(({ heater }) => heater);
        const missing = names.filter((name) => !known.includes(name));
        if (missing.length) return `not among the reported ${known}: ${missing}`;
    };

/** The heater goes through exactly these phases. */
export const phases = (heater, expected) => (played) => {
    const all = changes(rowsOf(played, heater), ({ phase }) => phase);
    const actual = all.map(([, phase]) => phase).join(" ");
    if (actual !== expected) return `${heater} is ${listed(all)}; not ${expected}`;
};

/** The heater is only in these phases until second `to`, which change `most` times. */
export const staysIn =
    (heater, allowed, { most = Infinity, to } = {}) =>
    (played) => {
        const all = changes(within(rowsOf(played, heater), 0, to), ({ phase }) => phase);
        const wrong = all.some(([, phase]) => !allowed.split(" ").includes(phase));
        if (wrong) return `${heater} is ${listed(all)}; not only ${allowed}`;
        if (all.length > most + 1) {
            return `${heater} is ${listed(all)}; changes more often than ${most} times`;
        }
        if (!all.length) return `${heater} has no row`;
    };

/** There is no time at all for the heater in these seconds, and only these reasons. */
export const hasNoTime =
    (heater, { from = 0, to, reasons, flips = Infinity } = {}) =>
    (played) => {
        const rows = within(rowsOf(played, heater), from, to);
        const all = changes(rows, said);
        const wrong = ([, it]) => it === "a time" || (reasons && !reasons.includes(it));
        if (all.some(wrong)) {
            return `${heater} says ${listed(all)}; not only ${reasons ?? "why it has no time"}`;
        }
        if (all.length > flips + 1) {
            return `${heater} says ${listed(all)}; changes more often than ${flips} times`;
        }
    };

/** Has a time in at least this share of these seconds. */
export const hasTime =
    (heater, { from, to, share = 1 }) =>
    (played) => {
        const rows = within(rowsOf(played, heater), from, to);
        const known = rows.filter(({ remaining }) => remaining !== null).length;
        if (known < share * (to - from)) {
            return `${heater} has a time in ${known} of ${to - from} s: ${listed(changes(rows, said))}`;
        }
    };

/** The row has these values in these seconds; temperatures to half a degree. */
export const is = (heater, from, to, expected) => (played) => {
    const rows = within(rowsOf(played, heater), from, to);
    const differs = (row) =>
        Object.entries(expected).some(([key, value]) =>
            typeof value === "number"
                ? !(Math.abs(row[key] - value) <= LEVEL)
                : String(row[key]) !== String(value),
        );
    const wrong = rows.filter(differs);
    if (!rows.length) return `${heater} has no row from ${from} s to ${to} s`;
    if (wrong.length) {
        const [first] = wrong;
        const values = Object.keys(expected).map((key) => `${key} ${first[key]}`);
        return `${heater} is not ${JSON.stringify(expected)} ${when(wrong)}: ${values}`;
    }
};

/** While the heater has no time, the printer has one, and says that it leaves the heater out. */
export const isLeftOut = (heater, from, to) => (played) => {
    const moments = within(played.moments, from, to);
    const lost = moments.filter(({ rows }) => rows[heater].remaining === null);
    const wrong = lost.filter(
        ({ printer }) => printer?.remaining == null || String(printer.without) !== heater,
    );
    if (!lost.length) return `${heater} has a time from ${from} s to ${to} s`;
    if (wrong.length) {
        const { printer } = wrong[0];
        return `the printer does not leave ${heater} out ${when(wrong)}: ${JSON.stringify(printer)}`;
    }
};

/** The printer has no row of its own. */
export const hasNoPrinterRow = (played) => {
    const rows = rowsOf(played, "printer");
    if (rows.length) return `there is a row for the printer ${when(rows)}`;
};

/** What the heater says changes few times. */
export const saysLittle = (heater, most) => (played) => {
    const all = changes(rowsOf(played, heater), said);
    if (all.length > most) return `${heater} says ${listed(all)}; not at most ${most}`;
};

/** Once it has levelled off, there is no time, and one of these reasons, once. */
export const levelsOff = (heater, reasons) => (played) => {
    const from = levelledOffAt(rowsOf(played, heater));
    const wrong = hasNoTime(heater, { from, reasons, flips: 1 })(played);
    return wrong && `has levelled off at ${from} s, but ${wrong}`;
};

/** Says `reason` at some point, and hardly ever a time after that. */
export const givesUp = (heater, reason, flips) => (played) => {
    const all = changes(rowsOf(played, heater), said);
    const first = all.findIndex(([, it]) => it === reason);
    const again = all.slice(first).filter(([, it]) => it === "a time");
    if (first < 0 || again.length > flips || all.at(-1)[1] === "a time") {
        return `${heater} says ${listed(all)}; not ${reason} from some second on`;
    }
};

/** While nothing is heard of it, the countdown runs on, less and less sure, or says so. */
export const goesOnUnheard = (heater, from, to) => (played) => {
    const rows = within(rowsOf(played, heater), from, to);
    const all = changes(rows, said);
    const honest = ["a time", "measuring", "no_recent_reading"];
    if (all.some(([, it]) => !honest.includes(it))) {
        return `${heater} is not heard, but says ${listed(all)}`;
    }
    const width = ({ interval }) => (interval ? interval[1] - interval[0] : 0);
    const wrong = rows.slice(1).filter((row, i) => {
        const { at, ...before } = rows[i];
        const isKnown = before.remaining !== null && row.remaining !== null;
        const runs = before.remaining - row.remaining > 0.5 || row.remaining === 0;
        const widens = width(row) >= width(before) - 1 || row.remaining === 0;
        return isKnown && !(runs && widens);
    });
    if (wrong.length) {
        const [{ at }] = wrong;
        const shown = within(rows, at - 1, at).map(
            ({ remaining, interval }) => `${remaining} (${interval})`,
        );
        return `${heater} is not heard, and stands or is surer ${when(wrong)}: ${shown.join(", then ")}`;
    }
};

/** After the first 10 °C above where it began, it is in this phase until its peak. */
export const climbsAs = (heater, phase) => (played) => {
    const rows = rowsOf(played, heater);
    const peak = Math.max(...rows.map(({ actual }) => actual));
    const from = rows.find(({ actual }) => actual > rows[0].actual + 10).at;
    const to = rows.find(({ actual }) => actual === peak).at;
    return is(heater, from, to, { phase })(played);
};

/** Nothing was learned from the heater. */
export const teachesNothing =
    (heater) =>
    ({ taught }) => {
        if (taught.includes(heater)) return `something was learned from ${heater}`;
    };

/** Exactly these heaters arrive, in this order, each once at its target. */
export const arrives =
    (expected) =>
    ({ arrivals }) => {
        const all = arrivals.map(({ heater, target }) => `${heater}@${target}`).join(" ");
        if (all !== expected) return `arrivals are "${all}", not "${expected}"`;
    };

const staysNearZero = (played, heater) => {
    const near = ({ remaining }) => remaining !== null && remaining < MOMENT;
    let run = [];
    for (const row of rowsOf(played, heater)) {
        if (near(row)) run.push(row);
        else if (run.length > LONGEST_MOMENT) break;
        else run = [];
    }
    if (run.length > LONGEST_MOMENT) {
        return `${heater} says less than ${MOMENT} s ${when(run)}`;
    }
};

const contradictsItself = (played, heater) => {
    const onTheWay = ["heating", "stalled", "cooling"];
    const wrong = rowsOf(played, heater).filter(
        ({ phase, remaining, reason }) =>
            (remaining === null) === (reason === null) ||
            (remaining !== null && !onTheWay.includes(phase)),
    );
    if (wrong.length) {
        const [{ phase, remaining, reason }] = wrong;
        return `${heater} is ${phase} with ${remaining} s, ${reason} ${when(wrong)}`;
    }
};

/** What is not the same in two moments of one second, of which one was `opened` late. */
export function differences({ at, rows }, opened) {
    const text = (row) =>
        row ? `${row.phase}, ${row.remaining?.toFixed() ?? row.reason}` : "not shown";
    const heaters = Object.keys({ ...rows, ...opened.rows });
    return heaters.flatMap((heater) => {
        const [one, other] = [text(rows[heater]), text(opened.rows[heater])];
        if (one === other) return [];
        return `${heater} is ${one} at ${at} s, but on a page opened then ${other}`;
    });
}

/** What is right for every recording: all that is wrong with one. */
export function always(played) {
    const last = played.moments.at(-1).rows;
    return [...Object.keys(last), "printer"].flatMap((heater) => [
        staysNearZero(played, heater),
        contradictsItself(played, heater),
    ]);
}
