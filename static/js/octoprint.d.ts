// The globals of OctoPrint's page that our scripts use. Knockout is declared here as well, as
// TypeScript 7 rejects the types that come with it.

declare const BASEURL: string;
declare const PLUGIN_BASEURL: string;
declare const DISPLAY_VERSION: string;

/** Not OctoPrint's: set by scripts/build/page.mjs. */
declare const WASM_FILE: string;
declare const OLDEST_BROWSERS: string;

declare const OctoPrint: {
    simpleApiGet<T>(plugin: string, options?: { data: object }): JQuery.Promise<T>;
    simpleApiCommand<T>(
        plugin: string,
        command: string,
        data?: object,
    ): JQuery.Promise<T>;
    settings: {
        savePluginSettings(plugin: string, settings: object): JQuery.Promise<unknown>;
    };
    /** `viewmodels` is set once all of them have been created. */
    coreui?: {
        viewmodels?: { tempEtaViewModel?: import("./types.js").TempEtaViewModel };
    };
};

declare const OCTOPRINT_VIEWMODELS: {
    construct: (this: never, parts: never) => void;
    dependencies: string[];
    optional?: string[];
    elements: string[];
}[];

declare function gettext(text: string): string;
declare function ngettext(one: string, many: string, count: number): string;

declare function showConfirmationDialog(options: {
    message: string;
    proceed: string;
    onproceed: () => unknown;
}): void;

declare const _: {
    escape(text: string): string;
    isEqual(one: unknown, other: unknown): boolean;
    sprintf(format: string, words: Record<string, string | number>): string;
};

declare function moment(ms: number): { format(pattern: string): string };

declare class PNotify {
    constructor(options: {
        title: string;
        text: string;
        title_escape: boolean;
        text_escape: boolean;
        addclass: string;
        type?: "success" | "error";
        /** In ms. */
        delay?: number;
        hide?: boolean;
    });
}

declare namespace OctoPrint {
    interface SettingsViewModel {
        /** The values in the dialog, saved or not. */
        settings: { plugins: { temp_eta: import("./types.js").FormSettings } };
        lastReceivedSettings?: {
            plugins?: { temp_eta?: import("./types.js").Saved };
            appearance?: { showFahrenheitAlso?: boolean };
        };
        receiving: ko.Observable<boolean>;
        appearance_name: ko.Observable<string>;
        appearance_showFahrenheitAlso: ko.Observable<boolean | undefined>;
        saveData(data?: object, ...rest: unknown[]): JQuery.Promise<unknown>;
        hide(): void;
    }

    interface PrinterProfilesViewModel {
        currentProfileData: ko.Observable<PrinterProfile | undefined>;
        requestData(): unknown;
    }

    interface PrinterProfile {
        id: string | ko.Observable<string>;
        extruder: { count: ko.Observable<number>; sharedNozzle: ko.Observable<boolean> };
        heatedBed: ko.Observable<boolean>;
        heatedChamber: ko.Observable<boolean>;
    }

    interface LoginStateViewModel {
        loggedIn: ko.Observable<boolean>;
        hasPermission(permission: unknown): boolean;
        reauthenticateIfNecessary(action: () => void): void;
    }

    interface AccessViewModel {
        permissions: Record<"CONNECTION" | "CONTROL" | "SETTINGS" | "STATUS", unknown>;
    }

    interface TemperatureViewModel {
        /** By heater. */
        heaterOptions: ko.Observable<Record<string, { color: string }>>;
    }
}

declare namespace ko {
    interface Computed<T> {
        (): T;
        subscribe(callback: (value: T) => void): unknown;
        dispose(): void;
        /** The value, without depending on it. */
        peek(): T;
    }

    interface Observable<T> extends Computed<T> {
        (value: T): unknown;
    }

    interface ObservableArray<T> extends Observable<T[]> {
        push(entry: T): number;
        remove(which: (entry: T) => boolean): T[];
    }

    function observable<T>(value: T): Observable<T>;
    function observableArray<T>(): ObservableArray<T>;
    function computed<T>(read: () => T): Computed<T>;
    function pureComputed<T>(read: () => T): Computed<T>;
    function pureComputed<R, W>(how: {
        read: () => R;
        write: (value: W) => void;
    }): { (): R; (value: W): unknown };
    function unwrap<T>(value: T | Computed<T>): T;
    function toJS<T>(root: T): {
        [K in keyof T]: T[K] extends Computed<infer V> ? V : T[K];
    };
    function applyBindingsToNode(node: Element, bindings: object): void;

    const bindingHandlers: {
        /** Ours. */
        tempEta?: {
            init(
                element: Element,
                value: () => string | Computed<string>,
            ): { controlsDescendantBindings: boolean };
        };
    };
}

/** The plotting library. */
declare namespace Flot {
    interface Axis {
        min: number;
        max: number;
        /** `null` lets Flot choose. */
        options: { min: number | null; max: number | null };
        /** Size and, on a time axis, unit. */
        tickSize: [number, string];
    }

    type Point = [x: number, y: number | null] | null;

    interface Series {
        color: string;
        data: Point[];
        lines: { lineWidth: number; steps?: boolean };
    }

    interface Plot {
        getXAxes(): Axis[];
        getYAxes(): Axis[];
        getPlaceholder(): JQuery;
        /** In px. */
        getPlotOffset(): { left: number; top: number };
        /** In px. */
        pointOffset(point: { x: number; y: number }): { left: number; top: number };
        width(): number;
        height(): number;
        setData(series: Series[]): void;
        setupGrid(): void;
        draw(): void;
        getOptions(): { interaction: { redrawOverlayInterval: number } };
        setCrosshair(at: { x: number }): void;
        clearCrosshair(): void;
        hooks: {
            processRawData: (() => void)[];
            draw: ((plot: Plot, context: CanvasRenderingContext2D) => void)[];
        };
    }

    interface Plugin {
        name: string;
        version: string;
        options: object;
        init(plot: Plot): void;
    }
}

interface JQueryStatic {
    plot: {
        (element: HTMLElement, series: Flot.Series[], options: object): Flot.Plot;
        plugins: Flot.Plugin[];
    };
}

interface JQuery {
    /** Bootstrap's. */
    tab(action: "show"): this;
}
