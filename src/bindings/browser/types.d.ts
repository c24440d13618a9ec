/** Everything the page shows, at one moment. */
export interface Snapshot {
    /** Server time in seconds; null before the first message. */
    time: number | null;
    heaters: HeaterRow[];
    /** Readings that could not be used since the start, by what was wrong. */
    skipped: { time: number; heater: number; actual: number; target: number };
}

export type Phase = "idle" | "heating" | "at_target" | "cooling" | "cooled_down";

export type Reason =
    | "no_goal"
    | "near_target"
    | "measuring"
    | "no_progress"
    | "too_slow"
    | "moving_away"
    | "levels_off"
    | "too_long"
    | "no_recent_reading";

/** One heater; temperatures in °C, times in seconds. */
export interface HeaterRow {
    heater: string;
    phase: Phase;
    actual: number;
    /** 0 is off. */
    target: number;
    goal: number | null;
    remaining: number | null;
    /** Why `remaining` is null. */
    reason: Reason | null;
    /** °C/s */
    rate: number | null;
    /** 0 to 1 */
    progress: number | null;
}

/** The plugin's settings; what is missing has its default, what is unknown is ignored. */
export interface Settings {
    enabled?: boolean;
    algorithm?: "linear" | "exponential";
    update_interval?: number;
    min_rate?: number;
}

/** The heaters that OctoPrint's printer profile says there are. */
export interface Profile {
    tools: number;
    bed: boolean;
    chamber: boolean;
}
