// Types that several scripts use: the settings and the view models.

import type * as wasm from "../wasm/temp_eta.js";
import type { View } from "./format.js";
import type { Heater, Printer } from "./heater.js";
import type { Algorithm, StopReason } from "./plugin_algorithms.js";
import type { SoundState } from "./sound.js";

/** Written by `npm run settings` from settings.py. */
type Definitions = typeof import("../../src/settings.json");

type Defaults = { [K in keyof Definitions]: Definitions[K]["default"] };

/** The core's settings; `Pick` fails if one of them is not a setting of the plugin. */
type CoreKey = keyof Pick<Defaults, keyof wasm.Settings>;

/** OctoPrint's printer profile. */
export interface Profile extends wasm.Profile {
    /** Identifies the printer: what was learned is stored under it in the browser. */
    id: string;
    /** OctoPrint's own id of the profile. */
    profileId: string;
}

/** What the owner has said about a heater; the name may be empty. */
export interface OwnHeater extends wasm.Choice {
    name: string;
}

/** The plugin's saved settings. */
export type Saved = Omit<Defaults, CoreKey | "mqtt_password" | "heaters"> &
    Required<wasm.Settings> & {
        heaters: OwnHeater[];
        /** Only ever what is entered; the server does not send it. */
        mqtt_password: string | null;
        /** `null` for users who may not change settings. */
        mqtt_password_set: boolean | null;
        /** Whether the plugin's logger is at DEBUG. */
        debug: boolean;
    };

/** The saved settings, or an empty object before they have been received. */
export type Settings = Saved | { [K in keyof Saved]?: undefined };

/** The keys of numeric settings. */
export type NumberKey = {
    [K in keyof Saved]: Saved[K] extends number | null ? K : never;
}[keyof Saved];

/** A setting's value in the form: the text of a number field may not be a number. */
type Entry<T> = T extends number ? T | string | null : T extends string ? string : T;

/** OctoPrint's observables of the settings: the values in the form, saved or not. */
export type FormSettings = { [K in keyof Saved]: ko.Observable<Entry<Saved[K]>> };

/** Why the server refused settings, by key. */
export type Refused = Record<string, string>;

/** The status that the server reports, see api.py. */
export interface Status {
    version?: string;
    server: import("./server_status.js").ServerState;
    refused?: Refused;
}

/** A message of OctoPrint's socket, history or current. */
export interface Message {
    temps?: unknown[];
}

/** A registered algorithm of another plugin. */
export interface PluginAlgorithm {
    id: string;
    name: string;
    /** Why it was switched off; empty while it is on. */
    stopReason: ko.Observable<StopReason | "">;
}

/** The part of the view model that app.js uses. */
export interface ViewModel {
    heaters: ko.ObservableArray<Heater>;
    printer: ko.Observable<Printer | null>;
    announcement: ko.Observable<string>;
    sound: ko.Observable<SoundState>;
    /** In ms since 1970. */
    cursor: ko.Observable<number | null>;
    cursorTime: ko.Observable<string>;
    saved: ko.Observable<Settings>;
    view: ko.Computed<View>;
    /** Whether the user may change the settings. */
    maySave: ko.Computed<unknown>;
    learned: ko.Observable<wasm.Learned[]>;
    pluginAlgorithms: ko.ObservableArray<PluginAlgorithm>;
    offer: ko.Observable<import("./offer.js").Offer | null>;
    scorecard: ko.Observable<import("./scorecard.js").Scorecard | null>;
    refreshLearned(): void;
    fail(error: Error, text?: string): void;
}

/** What OctoPrint hands to the view model. */
export type TempEtaDependencies = [
    settings: OctoPrint.SettingsViewModel,
    printerProfiles: OctoPrint.PrinterProfilesViewModel,
    login: OctoPrint.LoginStateViewModel,
    access: OctoPrint.AccessViewModel,
    temperature: OctoPrint.TemperatureViewModel | null,
];

/** The view model, see temp_eta.js. */
export interface TempEtaViewModel extends ViewModel {
    failure: ko.Observable<string>;
    ready: ko.Observable<boolean>;

    shows(placement: keyof Saved): boolean;
    /** All heaters but those that are off and cool. */
    activeHeaters: ko.Computed<Heater[]>;
    heatersInNavbar: ko.Computed<Heater[]>;
    noReadings: ko.Computed<boolean>;
    nothingActive: ko.Computed<boolean>;
    loading: ko.Computed<boolean>;
    showSoundBlocked: ko.Computed<boolean | undefined>;
    showSoundMissing: ko.Computed<boolean>;
    showInSidebar: ko.Computed<unknown>;
    showInTab: ko.Computed<unknown>;
    showInNavbar: ko.Computed<unknown>;
    showGraph: ko.Computed<unknown>;
    inline(key: string | ko.Computed<string>): ko.Computed<Heater[]>;
    /** OctoPrint's, once it is known. */
    profile: ko.Computed<Profile | null>;

    // Called by OctoPrint.
    fromCurrentData(message: Message): void;
    fromHistoryData(message: Message): void;
    onBrowserTabVisibilityChange(visible: boolean): void;
    onBeforeBinding(): void;
    onEventPrinterProfileModified(): void;
    onEventConnected(): void;
    onDataUpdaterPluginMessage(plugin: string, message?: { learned?: object }): void;

    // Called by templates and by the settings.
    openTab(): void;
    unblockSound(): void;
    testSound(): void;
    testToast(): void;
    /** Why what is learned stays in this browser; empty if OctoPrint keeps it. */
    keepingProblem: ko.Observable<import("./learned_data.js").Problem>;
    forget(): Promise<boolean>;
    learnedStates(): Map<string, number[]>;
    experience(heater: string, numbers: number[]): number;
    /** Resolves to whether OctoPrint has stored them. */
    replaceLearned(states: Map<string, number[]>): Promise<boolean>;
    reported(): wasm.Reported[];
    measureTimes(on: boolean): void;
    diagnostics(): import("./diagnostics.js").Measured | null;

    // Called by other plugins.
    registerAlgorithm(algorithm: Algorithm): Promise<boolean>;

    // Called by OctoPrint's graph, see temperature_tab.js.
    extendTimeAxis(plot: Flot.Plot): void;
    drawForecast(plot: Flot.Plot, context: CanvasRenderingContext2D): void;
}

/** What OctoPrint hands to the view model of the settings. */
export type TempEtaSettingsDependencies = [
    settings: OctoPrint.SettingsViewModel,
    login: OctoPrint.LoginStateViewModel,
    eta: TempEtaViewModel,
];

/** The view model of the settings, see temp_eta_settings.js. */
export interface TempEtaSettingsViewModel {
    pane: ko.Observable<import("./settings_pane.js").SettingsPane | null>;
    failed: ko.Observable<boolean>;
    hasErrors: ko.Computed<boolean>;

    // Called by OctoPrint.
    onBeforeBinding(): void;
    onSettingsShown(): void;
    onSettingsHidden(): void;
    onSettingsBeforeSave(): void;
    onDataUpdaterPluginMessage(plugin: string, message?: { refused?: Refused }): void;
}
