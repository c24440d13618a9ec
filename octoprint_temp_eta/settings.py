"""All settings, with their defaults, validation and access.

The form, the tables of the documentation and the test data for Rust are made from
`DEFINITIONS` too. A new setting needs an entry here, a control in
templates/temp_eta_settings.jinja2 and a field where it is used.
"""

from .values import N_, Choice, Color, File, Number, Switch, Text

# A plugin algorithm: the plugin's identifier and the algorithm's name.
PLUGIN_ALGORITHM = r"(?=.{1,64}$)[a-z0-9_]+\.[a-z0-9_]+"

# No wildcards, no empty levels, no leading $, no space at the ends.
TOPIC = r"(?![$\s])(?!.*\s$)[^+#\/]+(\/[^+#\/]+)*"
TOPIC_HINT = N_("must not contain +, #, empty levels, spaces at the ends or a leading $")

# No user name, protocol or port: these are separate settings.
HOST = r"(?![^:]*:[0-9]*$)[^\s\/@]*"

DEFINITIONS = {
    "enabled": Switch(True, N_("Show heating and cooling ETAs")),
    # Show in
    "show_in_temperature_tab": Switch(True, N_("Temperature tab")),
    "show_in_sidebar": Switch(True, N_("Sidebar")),
    "show_in_navbar": Switch(True, N_("Navigation bar")),
    "show_in_tab": Switch(True, N_("Temperature ETA tab")),
    # When
    "enable_heating_eta": Switch(True, N_("While heating")),
    "enable_cooldown_eta": Switch(True, N_("While cooling down")),
    "suppress_while_printing": Switch(
        False, N_("Not while printing, unless waiting for temperature")
    ),
    # Calculation
    "algorithm": Choice(
        "linear",
        N_("Algorithm"),
        {
            "linear": N_("Linear: constant rate"),
            "exponential": N_("Exponential: fitted curve"),
            "adaptive": N_("Adaptive: learns your printer"),
        },
        others=PLUGIN_ALGORITHM,
    ),
    "update_interval": Number(
        1.0,
        N_("Update interval"),
        N_("Time between countdown updates."),
        least=0.1,
        most=5.0,
        unit="s",
    ),
    "max_eta": Number(
        3600.0,
        N_("Maximum ETA"),
        N_("Longer times are shown as '> 1 h'."),
        least=60.0,
        most=86400.0,
        unit="s",
    ),
    "history_size": Number(
        120,
        N_("History size"),
        N_("Most readings kept from the last minute. Too few can hide a stalled heater."),
        least=10,
        most=300,
        whole=True,
    ),
    # Heating
    "threshold_start": Number(
        5.0,
        N_("Minimum rise"),
        N_("No countdown for smaller heat-ups."),
        least=1.0,
        most=50.0,
        unit="°C",
        difference=True,
    ),
    "target_band": Number(
        1.0,
        N_("Target tolerance"),
        N_("A heater is at its target within this range."),
        least=0.2,
        most=5.0,
        unit="°C",
        difference=True,
    ),
    "min_rate": Number(
        0.1,
        N_("Minimum rate"),
        N_("No countdown for slower heat-ups (Linear and Exponential only)."),
        least=0.01,
        most=1.0,
        unit="°C/s",
        difference=True,
    ),
    # Cooling
    "cooldown_mode": Choice(
        "threshold",
        N_("Cool down to"),
        {
            "threshold": N_("Fixed temperature"),
            "ambient": N_("Ambient temperature"),
        },
    ),
    "cooldown_target_tool0": Number(
        50.0,
        N_("Tools"),
        least=0.0,
        most=400.0,
        unit="°C",
    ),
    "cooldown_target_bed": Number(
        40.0,
        N_("Bed"),
        least=0.0,
        most=200.0,
        unit="°C",
    ),
    "cooldown_target_chamber": Number(
        30.0,
        N_("Chamber"),
        least=0.0,
        most=100.0,
        unit="°C",
    ),
    "cooldown_ambient_temp": Number(
        None,
        N_("Ambient temperature"),
        N_("Leave empty to learn it from heaters that are off."),
        least=0.0,
        most=80.0,
        unit="°C",
    ),
    "cooldown_hysteresis_c": Number(
        1.0,
        N_("Cooling tolerance"),
        N_("Up to this far above, a heater counts as cooled down."),
        least=0.1,
        most=20.0,
        unit="°C",
        difference=True,
    ),
    "cooldown_fit_window_seconds": Number(
        120.0,
        N_("Fit window"),
        N_("Time span the cooling curve is fitted to."),
        least=10.0,
        most=1800.0,
        unit="s",
    ),
    # Appearance
    "show_finish_time": Switch(True, N_("Finish time")),
    "show_progress_bars": Switch(True, N_("Progress bars")),
    "show_historical_graph": Switch(True, N_("History graph")),
    "show_forecast": Switch(True, N_("Forecast, also in OctoPrint's temperature graph")),
    "historical_graph_window_seconds": Number(
        180.0,
        N_("Graph window"),
        N_("Time span of the history graph."),
        least=30.0,
        most=1800.0,
        unit="s",
    ),
    "temp_display": Choice(
        "octoprint",
        N_("Temperature unit"),
        {
            "octoprint": N_("Same as OctoPrint"),
            "c": N_("°C"),
            "cf": N_("°C and °F"),
        },
    ),
    "threshold_unit": Choice(
        "octoprint",
        N_("Input unit"),
        {
            "octoprint": N_("Same as OctoPrint"),
            "c": N_("°C"),
            "f": N_("°F"),
        },
        N_("Unit of the temperatures entered here."),
    ),
    "color_mode": Choice(
        "bands",
        N_("Color by"),
        {"bands": N_("Time left"), "status": N_("Heater state")},
    ),
    "color_heating": Color("#5cb85c", N_("Heating")),
    "color_cooling": Color("#337ab7", N_("Cooling")),
    "color_idle": Color("#777777", N_("Other")),
    # Alerts
    "sound_enabled": Switch(False, N_("Play a sound")),
    "sound_target_reached": Switch(False, N_("When a target is reached")),
    "sound_cooldown_finished": Switch(False, N_("When a heater has cooled down")),
    "sound_volume": Number(
        0.5,
        N_("Volume"),
        N_("Only one of several browser tabs plays it."),
        least=0.0,
        most=1.0,
    ),
    "sound_min_interval_s": Number(
        10.0,
        N_("Minimum interval"),
        N_("Between two sounds for the same heater."),
        least=0.0,
        most=300.0,
        unit="s",
    ),
    "notification_enabled": Switch(False, N_("Show a popup")),
    "notification_target_reached": Switch(False, N_("When a target is reached")),
    "notification_cooldown_finished": Switch(False, N_("When a heater has cooled down")),
    "notification_timeout_s": Number(
        6.0,
        N_("Duration"),
        N_("How long a popup is shown."),
        least=1.0,
        most=60.0,
        unit="s",
    ),
    "notification_min_interval_s": Number(
        10.0,
        N_("Minimum interval"),
        N_("Between two popups for the same heater."),
        least=0.0,
        most=300.0,
        unit="s",
    ),
    # MQTT
    "mqtt_enabled": Switch(False, N_("Publish ETAs over MQTT")),
    "mqtt_broker_host": Text(
        "",
        N_("Broker"),
        N_("Hostname or IP address."),
        pattern=HOST,
        hint=N_("must not contain mqtt:// or a port"),
    ),
    "mqtt_broker_port": Number(
        1883,
        N_("Port"),
        N_("Usually 1883, or 8883 with TLS."),
        least=1,
        most=65535,
        whole=True,
    ),
    "mqtt_username": Text(
        "", N_("Username"), N_("Leave empty if the broker needs none.")
    ),
    "mqtt_password": Text(
        "",
        N_("Password"),
        N_("Stored on the server and never shown again."),
        secret=True,
    ),
    "mqtt_use_tls": Switch(False, N_("Use TLS")),
    "mqtt_tls_insecure": Switch(False, N_("Ignore certificate validation")),
    "mqtt_tls_ca_file": File(
        "",
        N_("CA certificate"),
        N_("File on the server, if the broker uses a custom CA."),
    ),
    "mqtt_tls_client_cert": File(
        "", N_("Client certificate"), N_("File on the server, if required.")
    ),
    "mqtt_tls_client_key": File("", N_("Private key"), N_("File on the server.")),
    "mqtt_base_topic": Text(
        "octoprint/temp_eta",
        N_("Base topic"),
        longest=200,
        pattern=TOPIC,
        hint=TOPIC_HINT,
    ),
    "mqtt_use_appearance_name": Switch(True, N_("Append OctoPrint's instance name")),
    "mqtt_custom_identifier": Text(
        "",
        N_("Custom name"),
        N_("Identifies this printer. Optional."),
        longest=64,
    ),
    "mqtt_qos": Choice(
        1,
        N_("QoS"),
        {
            0: N_("At most once (0)"),
            1: N_("At least once (1)"),
            2: N_("Exactly once (2)"),
        },
    ),
    "mqtt_retain": Switch(False, N_("Retain messages")),
    "mqtt_publish_interval": Number(
        1.0,
        N_("Minimum interval"),
        N_("Between two messages for the same heater."),
        least=0.1,
        most=60.0,
        unit="s",
    ),
    "mqtt_homeassistant_discovery": Switch(True, N_("Home Assistant discovery")),
    "mqtt_discovery_prefix": Text(
        "homeassistant",
        N_("Discovery prefix"),
        longest=200,
        pattern=TOPIC,
        hint=TOPIC_HINT,
    ),
    # Diagnostics
    "debug_logging": Switch(
        False, N_("Debug logging to octoprint.log and the browser console")
    ),
}

DEFAULTS = {key: definition.default for key, definition in DEFINITIONS.items()}

# Sent to the browser with the settings, but not stored.
DERIVED = frozenset({"debug", "mqtt_password_set"})

SECRETS = [
    key for key, definition in DEFINITIONS.items() if getattr(definition, "secret", False)
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

# OctoPrint 2 asks for the user's password before these are changed.
CREDENTIALS = (
    *DESTINATION,
    *SECRETS,
    "mqtt_username",
    "mqtt_tls_client_cert",
    "mqtt_tls_client_key",
)


def validate(data):
    """Split `data` from the form into accepted values and refused keys with reasons."""
    if not isinstance(data, dict):
        return {}, {"temp_eta": "must be settings with their values"}
    accepted, refused = {}, {}
    for key, value in data.items():
        definition = DEFINITIONS.get(key)
        try:
            if definition is None:
                if key not in DERIVED:
                    raise ValueError("is not a setting of this plugin")
            # None for a secret means unchanged: it is never sent to the browser.
            elif key not in SECRETS or value is not None:
                accept = getattr(definition, "accept", definition.check)
                accepted[key] = accept(value)
        except ValueError as error:
            refused[key] = str(error)
    return accepted, refused


def sends_password_elsewhere(new, stored):
    """Whether saving `new` would send the `stored` password to another broker."""
    moved = any(new.get(key, stored[key]) != stored[key] for key in DESTINATION)
    return moved and bool(stored["mqtt_password"]) and "mqtt_password" not in new


def sanitize(stored):
    """Split `stored` settings into usable values and refused keys with reasons.

    Unlike `validate`, this accepts unknown keys, and files that cannot be read now: their
    disk may return.
    """
    if not isinstance(stored, dict):
        return {}, {"temp_eta": "must be settings with their values"}
    usable, refused = {}, {}
    for key, value in stored.items():
        try:
            known = DEFINITIONS.get(key)
            usable[key] = known.check(value) if known else value
        except ValueError as error:
            refused[key] = str(error)
    return usable, refused


def describe(refused):
    """Return refused keys and reasons as one line for the log, without the values."""
    reasons = [
        f"{str(key)[:60]!r} {reason}" for key, reason in list(refused.items())[:20]
    ]
    if len(refused) > len(reasons):
        reasons.append(f"and {len(refused) - len(reasons)} more")
    return "; ".join(reasons)
