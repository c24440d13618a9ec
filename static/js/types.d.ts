// What our scripts share: the settings and the view model.

import type * as wasm from "../wasm/temp_eta.js";
import type { View } from "./format.js";
import type { Algorithm, End } from "./guests.js";
import type { Heater, Printer } from "./heater.js";

/** Written by `npm run settings` from settings.py. */
type Definitions = typeof import("../../tests/data/settings.json");

type Defaults = { [K in keyof Definitions]: Definitions[K]["default"] };

/** `Pick` fails if the calculation has a setting that is none of the plugin's. */
type Calculated = keyof Pick<Defaults, keyof wasm.Settings>;

/** The plugin's settings as saved. */
export type Saved = Omit<Defaults, Calculated | "mqtt_password"> &
    Required<wasm.Settings> & {
        /** What is typed; the server sends none. */
        mqtt_password: string | null;
        /** `null` for those whom it does not concern. */
        mqtt_password_set: boolean | null;
        /** Whether the plugin's logger is at that level. */
        debug: boolean;
    };

/** The same, with nothing in it as long as nothing has been received. */
export type Settings = Saved | { [K in keyof Saved]?: undefined };

/** Keys of settings that are numbers. */
export type NumberKey = {
    [K in keyof Saved]: Saved[K] extends number | null ? K : never;
}[keyof Saved];

/** What may be in the form for a setting: a number may be no number yet. */
type Entry<T> = T extends number ? T | string | null : T extends string ? string : T;

/** OctoPrint's observables of the settings: what is typed, saved or not. */
export type Typed = { [K in keyof Saved]: ko.Observable<Entry<Saved[K]>> };

/** Why the server refused settings, by key. */
export type Refused = Record<string, string>;

/** What the server says of itself, see api.py. */
export interface Status {
    version?: string;
    relay: import("./relay.js").Told;
    refused?: Refused;
}

/** OctoPrint's socket's, history or current. */
export interface Message {
    temps?: unknown[];
}

/** An algorithm of another plugin. */
export interface Guest {
    id: string;
    name: string;
    /** Why it is not asked any more; empty while it is. */
    off: ko.Observable<End | "">;
}

/** What the page's module asks of the view model. */
export interface Screen {
    heaters: ko.ObservableArray<Heater>;
    printer: ko.Observable<Printer | null>;
    announcement: ko.Observable<string>;
    soundBlocked: ko.Observable<boolean>;
    /** In ms since 1970. */
    cursor: ko.Observable<number | null>;
    cursorTime: ko.Observable<string>;
    saved: ko.Observable<Settings>;
    view: ko.Computed<View>;
    fail(error: Error, why?: string): void;
}

/** What OctoPrint hands to the view model. */
export type EtaParts = [
    settings: OctoPrint.SettingsViewModel,
    printerProfiles: OctoPrint.PrinterProfilesViewModel,
    temperature: OctoPrint.TemperatureViewModel | null,
];

/** The view model, see temp_eta.js. */
export interface Eta extends Screen {
    failure: ko.Observable<string>;
    ready: ko.Observable<boolean>;

    shows(placement: keyof Saved): boolean;
    notable: ko.Computed<Heater[]>;
    counted: ko.Computed<Heater[]>;
    quiet: ko.Computed<boolean>;
    strange: ko.Computed<boolean>;
    loading: ko.Computed<boolean>;
    silenced: ko.Computed<boolean | undefined>;
    showInSidebar: ko.Computed<unknown>;
    showInTab: ko.Computed<unknown>;
    showInNavbar: ko.Computed<unknown>;
    showGraph: ko.Computed<unknown>;
    inline(key: string | ko.Computed<string>): ko.Computed<Heater[]>;

    // Called by OctoPrint.
    fromCurrentData(message: Message): void;
    fromHistoryData(message: Message): void;
    onBrowserTabVisibilityChange(visible: boolean): void;
    onBeforeBinding(): void;
    onEventPrinterProfileModified(): void;
    onEventConnected(): void;

    // Called by templates and by the settings.
    openTab(): void;
    unblockSound(): void;
    testSound(): void;
    testToast(): void;
    learned: ko.Observable<wasm.Learned[]>;
    inspect(): void;
    forget(): void;
    watch(on: boolean): void;
    diagnostics(): import("./diagnostics.js").Measured | null;
    guests: ko.ObservableArray<Guest>;

    // Called by other plugins.
    registerAlgorithm(algorithm: Algorithm): Promise<boolean>;

    // Called by OctoPrint's graph, see temperature_tab.js.
    makeRoom(plot: Flot.Plot): void;
    drawAhead(plot: Flot.Plot, context: CanvasRenderingContext2D): void;
}

/** What OctoPrint hands to the view model of the settings. */
export type EtaSettingsParts = [
    settings: OctoPrint.SettingsViewModel,
    profiles: OctoPrint.PrinterProfilesViewModel,
    login: OctoPrint.LoginStateViewModel,
    eta: Eta,
];

/** The view model of the settings, see temp_eta_settings.js. */
export interface EtaSettings {
    pane: ko.Observable<import("./settings_pane.js").SettingsPane | null>;
    failed: ko.Observable<boolean>;
    hasComplaints: ko.Computed<boolean>;

    // Called by OctoPrint.
    onBeforeBinding(): void;
    onSettingsShown(): void;
    onSettingsHidden(): void;
    onSettingsBeforeSave(): void;
    onDataUpdaterPluginMessage(plugin: string, message?: { refused?: Refused }): void;
}
