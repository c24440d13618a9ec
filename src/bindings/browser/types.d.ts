/** Everything the page shows, at one moment. */
export interface Snapshot {
    /** Server time in seconds; null before the first message. */
    time: number | null;
    heaters: HeaterRow[];
    /** The printer as a whole, when two or more heaters are on their way, or one with a heat soak. */
    printer: PrinterRow | null;
    /** Readings that could not be used as they were since the start, by what was wrong. */
    skipped: { time: number; heater: number; actual: number; target: number };
}

export type Phase =
    | "idle"
    | "heating"
    | "stalled"
    | "at_target"
    | "cooling"
    | "cooled_down"
    | "untargeted"
    | "soaking";

export type Reason =
    | "no_goal"
    | "near_target"
    | "measuring"
    | "no_progress"
    | "too_slow"
    | "moving_away"
    | "levels_off"
    | "too_long"
    | "no_recent_reading"
    | "printing"
    | "disabled"
    | "implausible"
    | "unsteady";

/** The printer as a whole; heating if a target is to be reached, cooling if all are off. */
export interface PrinterRow {
    phase: "heating" | "cooling";
    /** Seconds until the last heater has arrived, and is soaked. */
    remaining: number | null;
    /** Why `remaining` is null. */
    reason: Reason | null;
    /** The heaters that `remaining` leaves out, as their time is not known. */
    without: string[];
}

/** Something has just happened; temperatures in °C. */
export interface PrinterEvent {
    kind:
        | "target_reached"
        | "cooled_down"
        | "soaked"
        | "heater_stalled"
        | "printer_ready";
    /** To which heater; null if to the printer. */
    heater: string | null;
    /** NaN for the printer, as the target. */
    actual: number;
    target: number;
    /** Server time in seconds. */
    time: number;
    /** How long it took in seconds, if that is known. */
    duration: number | null;
    /** How long it was first shown to take. */
    predicted: number | null;
}

/**
 * What is drawn of a heater: s from now and °C in turn, the past negative; a NaN interrupts the line
 * of `actual`. No forecast, no numbers.
 */
export interface Graph {
    heater: string;
    actual: Float64Array;
    target: Float64Array;
    forecast: Float64Array;
}

/** One heater; temperatures in °C, times in seconds. */
export interface HeaterRow {
    heater: string;
    phase: Phase;
    /** With the reason `implausible`, what is reported, which is no temperature; NaN if it is no number. */
    actual: number;
    /** 0 is off. */
    target: number;
    goal: number | null;
    remaining: number | null;
    /** 80 % interval of `remaining`, if that is known. */
    interval: [number, number] | null;
    /** Why `remaining` is null. */
    reason: Reason | null;
    /** °C/s */
    rate: number | null;
    /** 0 to 1 */
    progress: number | null;
}

/** Mean error of an algorithm. */
export interface Score {
    /** Its name in the settings; ours come first. */
    algorithm: string;
    /** Mean error as a share of the duration; no estimate counts as wrong by all that was left. */
    error: number;
    /** Number of transients (heat-ups and cool-downs) that were scored. */
    ways: number;
}

/** What was learned from a heater. */
export interface Learned {
    heater: string;
    /** Number of heat-ups that were learned from. */
    heatUps: number;
    /** Number of cool-downs that were learned from. */
    coolDowns: number;
    /** Server time of the first of them in seconds since 1970, if it is known. */
    since: number | null;
    /** Errors of each algorithm for this heater. */
    scores: Score[];
    /**
     * The newest of them, the oldest first, six at most. Of each: server time of its end in seconds since
     * 1970; the temperatures it came from and led to, in °C; its duration in seconds; and for each of
     * `scores` its mean error in seconds, and the seconds that it showed as remaining after 1/4, 1/2 and
     * 3/4 of it: -1 for none, NaN if it was not there.
     */
    transients: number[][];
}

/** What is kept, and how long estimates took; times in ms. */
export interface Diagnostics {
    /** Readings in all histories together. */
    samples: number;
    /** Points of all graphs together. */
    marks: number;
    /** Heaters that are followed. */
    heaters: number;
    messages: Timing;
    estimates: Timing;
    snapshots: Timing;
}

/** How often, and how many ms, since `watch(true)`; zeros while it is off. */
export interface Timing {
    count: number;
    mean: number;
    worst: number;
}

/** A reading as it is passed to another plugin's algorithm. */
export interface AlgorithmSample {
    /** Server time in seconds. */
    time: number;
    /** °C */
    actual: number;
    /** Set point in °C: the target, or that of the cool-down when switched off. */
    target: number;
}

/**
 * Another plugin's algorithm: seconds from the newest sample until the target, or null if there
 * is no estimate. Samples are those since the target changed, the oldest first; there is always
 * one.
 */
export type AlgorithmEstimate = (
    samples: AlgorithmSample[],
    phase: "heating" | "cooling",
) => number | null;

/** The state of a heater after it has learned something. */
export interface StateUpdate {
    heater: string;
    /**
     * The whole state, about 600 numbers at most, for `recall`. The second is the server time of
     * this update in seconds.
     */
    numbers: number[];
    /** Server time of the update it is based on, in seconds; a newer stored state is another page's. */
    basedOn: number;
}

/** What a stored state has been learned from. */
export interface Experience {
    heatUps: number;
    coolDowns: number;
}

/** What the owner has decided about a heater or sensor; an item of the setting `heaters`. */
export interface Choice {
    heater: string;
    counted: boolean;
}

/** A heater or sensor that the printer has reported. */
export interface Reported {
    heater: string;
    /** Whether it has had a target above 0: a heater has, a sensor has not. */
    hadTarget: boolean;
}

/** The heaters that OctoPrint's printer profile says there are. */
export interface Profile {
    tools: number;
    bed: boolean;
    chamber: boolean;
}
