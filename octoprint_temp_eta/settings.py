"""All settings, in the order of the form.

The form, the documentation and the settings of the calculation (`core=True`), in Rust and
TypeScript, are made from this table. A new setting needs an entry here, then `npm run
settings`.
"""

from .form import Enabled, Group, Pane, Section, Shown, Special, walk
from .values import (
    N_,
    Choice,
    Color,
    File,
    Heaters,
    Number,
    Secret,
    Setting,
    Switch,
    Text,
)

# A plugin algorithm: the plugin's identifier and the algorithm's name.
PLUGIN_ALGORITHM = r"(?=.{1,64}$)[a-z0-9_]+\.[a-z0-9_]+"

# No wildcards, no empty levels, no leading $, no space at the ends.
TOPIC = r"(?![$\s])(?!.*\s$)[^+#\/]+(\/[^+#\/]+)*"
TOPIC_HINT = N_("must not contain +, #, empty levels, spaces at the ends or a leading $")

# Otherwise a printer's name could lead to Home Assistant's own topics.
PREFIX_HINT = N_(
    "must not contain +, #, empty levels, spaces at the ends or a leading $, "
    "and must not be the base topic or below it"
)

# No user name, protocol or port: these are separate settings.
HOST = r"(?![^:]*:[0-9]*$)[^\s\/@\[\]]*"

# With an argument on each line, as the formatter has it, this would not be a table.
# fmt: off

GENERAL = [
    Group("switch", N_("Temperature ETA"),
        Switch("enabled", True, N_("Show heating and cooling ETAs"),
            core=True, live=True),
    ),
    Enabled(
        Group("where", N_("Show in"),
            Switch("show_in_temperature_tab", True, N_("Temperature tab")),
            Switch("show_in_sidebar", True, N_("Sidebar")),
            Switch("show_in_navbar", True, N_("Navigation bar")),
            Switch("show_in_tab", True, N_("Temperature ETA tab")),
        ),
        Group("when", N_("When"),
            Switch("enable_heating_eta", True, N_("While heating"),
                core=True, live=True),
            Switch("enable_cooldown_eta", True, N_("While cooling down"),
                core=True, live=True),
            Switch("suppress_while_printing", False,
                N_("Not while printing, unless waiting for temperature"),
                core=True, live=True),
        ),
    ),
    Group("settings_group", N_("Settings"), Special("restore")),
]

HEATERS = [
    Enabled(
        Heaters("heaters", [], N_("Heaters"),
            N_("Heaters that are not shown have no countdown and no alerts, and are not "
               "reported without a browser either.")),
    ),
]

CALCULATION = [
    Enabled(
        Choice("algorithm", "linear", N_("Algorithm"),
            options={
                "linear": N_("Linear: constant rate"),
                "exponential": N_("Exponential: fitted curve"),
                "adaptive": N_("Adaptive: learns your printer"),
            },
            others=PLUGIN_ALGORITHM, core=True, live=True, control="algorithm"),
        Group("suggestions", N_("Suggestions"),
            Switch("suggest_algorithm", True, N_("Suggest a more accurate algorithm")),
        ),
        Number("update_interval", 1.0, N_("Update interval"),
            N_("Time between countdown updates."),
            least=0.1, most=5.0, unit="s", core=True, live=True),
        Number("max_eta", 3600.0, N_("Maximum ETA"),
            N_("Longer times are shown as '> 1 h'."),
            least=60.0, most=86400.0, unit="s", core=True, live=True),
        Number("history_size", 120, N_("History size"),
            N_("Most readings kept from the last minute. "
               "Too few can hide a stalled heater."),
            least=10, most=300, whole=True, core=True, live=True),
    ),
    Special("learned"),
]

HEATING = [
    # Shorter heat-ups are over before a countdown helps.
    Number("threshold_start", 5.0, N_("Minimum rise"),
        N_("No countdown for smaller heat-ups."),
        least=1.0, most=50.0, unit="°C", difference=True, core=True),
    # Printers wait for about 1 °C; less counts the controller's last creeping.
    Number("target_band", 1.0, N_("Target tolerance"),
        N_("A heater is at its target within this range."),
        least=0.2, most=5.0, unit="°C", difference=True, core=True),
    Number("min_rate", 0.1, N_("Minimum rate"),
        N_("No countdown for slower heat-ups (Linear and Exponential only)."),
        least=0.01, most=1.0, unit="°C/s", difference=True, core=True),
]

COOLING = [
    Choice("cooldown_mode", "threshold", N_("Cool down to"),
        options={
            "threshold": N_("Fixed temperature"),
            "ambient": N_("Ambient temperature"),
        },
        core=True),
    Shown("config.cooldown_mode() === 'threshold'",
        # Safe to touch.
        Number("cooldown_target_tool0", 50.0, N_("Tools"),
            least=0.0, most=400.0, unit="°C", core=True),
        Shown("hasBed",
            # Parts come off. Also for heaters of unknown kind.
            Number("cooldown_target_bed", 40.0, N_("Bed"),
                least=0.0, most=200.0, unit="°C", core=True),
        ),
        Shown("hasChamber",
            Number("cooldown_target_chamber", 30.0, N_("Chamber"),
                least=0.0, most=100.0, unit="°C", core=True),
        ),
    ),
    Shown("config.cooldown_mode() === 'ambient'",
        Number("cooldown_ambient_temp", None, N_("Ambient temperature"),
            N_("Leave empty to learn it from heaters that are off."),
            least=0.0, most=80.0, unit="°C", core=True),
    ),
    # The last degree takes longest and nobody waits for it.
    Number("cooldown_hysteresis_c", 1.0, N_("Cooling tolerance"),
        N_("Up to this far above, a heater counts as cooled down."),
        least=0.1, most=20.0, unit="°C", difference=True, core=True),
    Number("cooldown_fit_window_seconds", 120.0, N_("Fit window"),
        N_("Time span the cooling curve is fitted to."),
        least=10.0, most=1800.0, unit="s", core=True),
]

SOAK = [
    Shown("hasBed",
        Number("soak_time_bed", 0.0, N_("Bed"),
            N_("How long the bed stays at its target before it counts as ready; "
               "0 for no heat soak."),
            least=0.0, most=240.0, unit="min", core=True, live=True),
    ),
    Shown("hasChamber",
        Choice("soak_mode_chamber", "time", N_("Chamber"),
            options={
                "time": N_("For a fixed time"),
                "steady": N_("Until its temperature is steady"),
            },
            core=True, live=True),
        Shown("config.soak_mode_chamber() === 'time'",
            Number("soak_time_chamber", 0.0, N_("Chamber soak time"),
                N_("0 for no heat soak."),
                least=0.0, most=240.0, unit="min", core=True, live=True),
        ),
        Shown("config.soak_mode_chamber() === 'steady'",
            Number("soak_steady_change", 1.0, N_("Steady within"),
                N_("Largest change in ten minutes."),
                least=0.1, most=10.0, unit="°C", difference=True, core=True, live=True),
        ),
    ),
]

THRESHOLDS = [
    Enabled(
        Choice("threshold_unit", "octoprint", N_("Input unit"),
            N_("Unit of the temperatures entered here."),
            options={"octoprint": N_("Same as OctoPrint"), "c": N_("°C"), "f": N_("°F")}),
        Shown("config.enable_heating_eta", Section(N_("Heating"), *HEATING)),
        Shown("hasBed() || hasChamber()", Section(N_("Heat soak"), *SOAK)),
        Shown("config.enable_cooldown_eta", Section(N_("Cooling"), *COOLING)),
    ),
]

APPEARANCE = [
    Enabled(
        Group("show", N_("Show"),
            Switch("show_finish_time", True, N_("Finish time")),
            Switch("show_progress_bars", True, N_("Progress bars")),
            Switch("show_historical_graph", True, N_("History graph")),
            Switch("show_forecast", True,
                N_("Forecast, also in OctoPrint's temperature graph")),
            Shown("graphIsMissing", Special("graph_missing"), indent=True),
        ),
        Shown("config.show_historical_graph",
            Number("historical_graph_window_seconds", 180.0, N_("Graph window"),
                N_("Time span of the history graph."),
                least=30.0, most=1800.0, unit="s"),
        ),
        Choice("temp_display", "octoprint", N_("Temperature unit"),
            options={
                "octoprint": N_("Same as OctoPrint"),
                "c": N_("°C"),
                "cf": N_("°C and °F"),
            }),
        Choice("color_mode", "bands", N_("Color by"),
            options={"bands": N_("Time left"), "status": N_("Heater state")}),
        Shown("config.color_mode() === 'status'",
            Group("colors", N_("Colors"),
                Color("color_heating", "#5cb85c", N_("Heating")),
                Color("color_cooling", "#337ab7", N_("Cooling")),
                Color("color_idle", "#777777", N_("Other")),
            ),
        ),
    ),
]

SOUND = [
    Group("sound", N_("Sound"),
        Switch("sound_enabled", False, N_("Play a sound")),
        Shown("config.sound_enabled",
            Switch("sound_target_reached", False, N_("When a target is reached")),
            Switch("sound_cooldown_finished", False, N_("When a heater has cooled down")),
            Switch("sound_soaked", False, N_("When a heat soak is complete")),
            indent=True,
        ),
        Special("test_sound"),
    ),
    Shown("config.sound_enabled",
        Number("sound_volume", 0.5, N_("Volume"),
            N_("Only one of several browser tabs plays it."),
            least=0.0, most=1.0),
        Number("sound_min_interval_s", 10.0, N_("Minimum interval"),
            N_("Between two sounds for the same heater."),
            least=0.0, most=300.0, unit="s"),
    ),
]

POPUP = [
    Group("message", N_("Popup"),
        Switch("notification_enabled", False, N_("Show a popup")),
        Shown("config.notification_enabled",
            Switch("notification_target_reached", False, N_("When a target is reached")),
            Switch("notification_cooldown_finished", False,
                N_("When a heater has cooled down")),
            Switch("notification_soaked", False, N_("When a heat soak is complete")),
            indent=True,
        ),
        Special("test_popup"),
    ),
    Shown("config.notification_enabled",
        Number("notification_timeout_s", 6.0, N_("Duration"),
            N_("How long a popup is shown."),
            least=1.0, most=60.0, unit="s"),
        Number("notification_min_interval_s", 10.0, N_("Minimum interval"),
            N_("Between two popups for the same heater."),
            least=0.0, most=300.0, unit="s"),
    ),
]

CONNECTION = [
    # IPv6 addresses are in brackets in URLs.
    Text("mqtt_broker_host", "", N_("Broker"),
        N_("Hostname or IP address."), around="[]",
        pattern=HOST, hint=N_("must not contain mqtt:// or a port")),
    Number("mqtt_broker_port", 1883, N_("Port"),
        N_("Usually 1883, or 8883 with TLS."),
        least=1, most=65535, whole=True),
    Text("mqtt_username", "", N_("Username"),
        N_("Leave empty if the broker needs none.")),
    Secret("mqtt_password", "", N_("Password"),
        N_("Stored on the server and never shown again.")),
    Group("tls", N_("Encryption"),
        Switch("mqtt_use_tls", False, N_("Use TLS")),
        Shown("config.mqtt_use_tls",
            Switch("mqtt_tls_insecure", False, N_("Ignore certificate validation")),
            Special("mqtt_insecure"),
            indent=True,
        ),
    ),
    Shown("config.mqtt_use_tls",
        File("mqtt_tls_ca_file", "", N_("CA certificate"),
            N_("File on the server, if the broker uses a custom CA.")),
        File("mqtt_tls_client_cert", "", N_("Client certificate"),
            N_("File on the server, if required.")),
        File("mqtt_tls_client_key", "", N_("Private key"), N_("File on the server.")),
    ),
    Group("test", N_("Test"), Special("mqtt_test")),
]

PUBLISHING = [
    Text("mqtt_base_topic", "octoprint/temp_eta", N_("Base topic"),
        longest=200, pattern=TOPIC, hint=TOPIC_HINT),
    Group("printer", N_("Printer"),
        Switch("mqtt_use_appearance_name", True, N_("Append OctoPrint's instance name")),
    ),
    Shown("!config.mqtt_use_appearance_name()",
        Text("mqtt_custom_identifier", "", N_("Custom name"),
            N_("Identifies this printer. Optional."),
            longest=64),
    ),
    Group("topic", N_("Example"), Special("mqtt_topic")),
    Choice("mqtt_qos", 1, N_("QoS"),
        options={
            0: N_("At most once (0)"),
            1: N_("At least once (1)"),
            2: N_("Exactly once (2)"),
        }),
    Number("mqtt_publish_interval", 1.0, N_("Minimum interval"),
        N_("Between two messages for the same heater."),
        least=0.1, most=60.0, unit="s"),
    Group("mqtt_options", N_("Options"),
        Switch("mqtt_retain", False, N_("Retain messages")),
        Switch("mqtt_homeassistant_discovery", True, N_("Home Assistant discovery")),
    ),
    Shown("config.mqtt_homeassistant_discovery",
        Text("mqtt_discovery_prefix", "homeassistant", N_("Discovery prefix"),
            longest=200, pattern=TOPIC, hint=PREFIX_HINT),
    ),
]

WITHOUT_BROWSER = [
    Special("server_status"),
    Enabled(
        Group("outlets", N_("Report ETAs"),
            Switch("events_enabled", False, N_("As OctoPrint events")),
            Switch("rest_enabled", False, N_("In the REST API")),
            Switch("display_enabled", False, N_("On the printer's display")),
            Switch("mqtt_enabled", False, N_("Over MQTT")),
        ),
        Shown("config.display_enabled",
            Number("display_length", 20, N_("Display width"),
                N_("Most characters that fit on the display's status line."),
                least=8, most=80, whole=True),
        ),
        Shown("usesServer", Special("server_requirements")),
        Shown("config.mqtt_enabled",
            Section(N_("MQTT connection"), *CONNECTION),
            Section(N_("MQTT publishing"), *PUBLISHING),
        ),
    ),
]

DIAGNOSTICS = [
    Special("diagnostics"),
    Group("log", N_("Log"),
        Switch("debug_logging", False,
            N_("Debug logging to octoprint.log and the browser console")),
    ),
]

FORM = [
    Pane("general", N_("General"), *GENERAL),
    Pane("heaters", N_("Heaters"), *HEATERS),
    Pane("calculation", N_("Calculation"), *CALCULATION),
    Pane("thresholds", N_("Thresholds"), *THRESHOLDS),
    Pane("appearance", N_("Appearance"), *APPEARANCE),
    Pane("alerts", N_("Alerts"), Enabled(*SOUND, *POPUP)),
    Pane("server", N_("Without a browser"), *WITHOUT_BROWSER),
    Pane("diagnostics", N_("Diagnostics"), *DIAGNOSTICS),
]

# fmt: on

DEFINITIONS = {part.key: part for part in walk(FORM) if isinstance(part, Setting)}

DEFAULTS = {key: definition.default for key, definition in DEFINITIONS.items()}

# Sent to the browser with the settings, but not stored.
DERIVED = frozenset({"debug", "mqtt_password_set"})

SECRETS = [
    key for key, definition in DEFINITIONS.items() if isinstance(definition, Secret)
]

# Readable only for those who may change settings.
CONFIDENTIAL = [
    key for key in DEFINITIONS if key.startswith("mqtt_") and key not in SECRETS
]

# The settings that determine where the stored password is sent.
DESTINATION = (
    "mqtt_broker_host",
    "mqtt_broker_port",
    "mqtt_use_tls",
    "mqtt_tls_insecure",
    "mqtt_tls_ca_file",
)

# The settings that determine our topics and Home Assistant's.
TOPICS = ("mqtt_base_topic", "mqtt_discovery_prefix", "mqtt_homeassistant_discovery")

# OctoPrint 2 asks for the user's password before these are changed.
CREDENTIALS = (
    *DESTINATION,
    *SECRETS,
    "mqtt_username",
    "mqtt_tls_client_cert",
    "mqtt_tls_client_key",
)
