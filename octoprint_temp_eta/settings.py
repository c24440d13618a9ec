"""Every setting once, and what follows from that: defaults, checks, who may read what.

The form, the documentation's table and the checks of Rust's view are made from
`DEFINITIONS` as well. A new setting is one entry here, one control in
templates/temp_eta_settings.jinja2 and one field where it is used.
"""

from .values import N_, Choice, Colour, File, Number, Switch, Text

# Another plugin's algorithm: that plugin's name, and its own.
GUEST = r"(?=.{1,64}$)[a-z0-9_]+\.[a-z0-9_]+"

# No wildcards, no empty levels, none of the broker's own, no space at the ends.
TOPIC = r"(?![$\s])(?!.*\s$)[^+#\/]+(\/[^+#\/]+)*"
TOPIC_HINT = N_("must be levels with / between them, none of them empty, without + and #")

# No user, no protocol, no port: those have fields of their own.
HOST = r"(?![^:]*:[0-9]*$)[^\s\/@]*"

DEFINITIONS = {
    "enabled": Switch(True, N_("Show how long the heaters still need")),
    # Where
    "show_in_temperature_tab": Switch(True, N_("In the rows of the Temperature tab")),
    "show_in_sidebar": Switch(True, N_("In the sidebar")),
    "show_in_navbar": Switch(True, N_("In the navigation bar")),
    "show_in_tab": Switch(True, N_("In a tab of its own")),
    # When
    "enable_heating_eta": Switch(True, N_("While a heater warms up")),
    "enable_cooldown_eta": Switch(True, N_("While a heater cools down")),
    "suppress_while_printing": Switch(
        False, N_("Not during a print job, unless it waits for temperature")
    ),
    # Calculation
    "algorithm": Choice(
        "linear",
        N_("Algorithm"),
        {
            "linear": N_("Linear: constant rate"),
            "exponential": N_("Exponential: fitted curve"),
            "adaptive": N_("Adaptive: learns this printer"),
        },
        others=GUEST,
    ),
    "update_interval": Number(
        1.0,
        N_("Update every"),
        N_("Time from one update of the countdown to the next."),
        least=0.1,
        most=5.0,
        unit="s",
    ),
    "max_eta": Number(
        3600.0,
        N_("Longest time"),
        N_("What takes longer is not counted down."),
        least=60.0,
        most=86400.0,
        unit="s",
    ),
    "history_size": Number(
        120,
        N_("Readings kept"),
        N_("Of the last minute. With few of them a heater that stands still is missed."),
        least=10,
        most=300,
        whole=True,
    ),
    # Heating
    "threshold_start": Number(
        5.0,
        N_("Count from"),
        N_("A heat-up that begins nearer to its target gets no countdown."),
        least=1.0,
        most=50.0,
        unit="°C",
        difference=True,
    ),
    "target_band": Number(
        1.0,
        N_("Reached within"),
        N_("This near to its target a heater has reached it."),
        least=0.2,
        most=5.0,
        unit="°C",
        difference=True,
    ),
    "min_rate": Number(
        0.1,
        N_("Slowest heating"),
        N_(
            "A heater that warms up more slowly gets no countdown from the linear and "
            "the exponential algorithm."
        ),
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
            "threshold": N_("a fixed temperature"),
            "ambient": N_("the temperature of the room"),
        },
    ),
    "cooldown_target_tool0": Number(
        50.0,
        N_("Tools"),
        N_("Where a tool that is switched off counts as cooled down."),
        least=0.0,
        most=400.0,
        unit="°C",
    ),
    "cooldown_target_bed": Number(
        40.0,
        N_("Bed"),
        N_("Where the bed counts as cooled down."),
        least=0.0,
        most=200.0,
        unit="°C",
    ),
    "cooldown_target_chamber": Number(
        30.0,
        N_("Chamber"),
        N_("Where the chamber counts as cooled down."),
        least=0.0,
        most=100.0,
        unit="°C",
    ),
    "cooldown_ambient_temp": Number(
        None,
        N_("Room"),
        N_("Leave it empty to have it learned from heaters that are off."),
        least=0.0,
        most=80.0,
        unit="°C",
    ),
    "cooldown_hysteresis_c": Number(
        1.0,
        N_("Close enough"),
        N_("How far above that temperature a heater counts as cooled down."),
        least=0.1,
        most=20.0,
        unit="°C",
        difference=True,
    ),
    "cooldown_fit_window_seconds": Number(
        120.0,
        N_("Fitted to"),
        N_("Time of readings that the curve of a cooling heater is fitted to."),
        least=10.0,
        most=1800.0,
        unit="s",
    ),
    # Look
    "show_finish_time": Switch(True, N_("The time of day at which a heater arrives")),
    "show_progress_bars": Switch(True, N_("Progress bars")),
    "show_historical_graph": Switch(True, N_("The graph in the tab")),
    "show_forecast": Switch(
        True, N_("The forecast, there and in the graph of the Temperature tab")
    ),
    "historical_graph_window_seconds": Number(
        180.0,
        N_("Graph goes back"),
        N_("How much of the past the graph in the tab shows."),
        least=30.0,
        most=1800.0,
        unit="s",
    ),
    "temp_display": Choice(
        "octoprint",
        N_("Temperatures in"),
        {
            "octoprint": N_("what OctoPrint shows"),
            "c": N_("°C"),
            "cf": N_("°C and °F"),
        },
    ),
    "threshold_unit": Choice(
        "octoprint",
        N_("Unit"),
        {
            "octoprint": N_("what OctoPrint shows"),
            "c": N_("°C"),
            "f": N_("°F"),
        },
        N_("What the temperatures here are entered in."),
    ),
    "color_mode": Choice(
        "bands",
        N_("Colour by"),
        {"bands": N_("the time left"), "status": N_("what the heater does")},
    ),
    "color_heating": Colour("#5cb85c", N_("heating")),
    "color_cooling": Colour("#337ab7", N_("cooling")),
    "color_idle": Colour("#777777", N_("neither")),
    # Alerts
    "sound_enabled": Switch(False, N_("Play a sound")),
    "sound_target_reached": Switch(False, N_("when a target is reached")),
    "sound_cooldown_finished": Switch(False, N_("when a heater has cooled down")),
    "sound_volume": Number(
        0.5,
        N_("Volume"),
        N_("Where several pages are open in a browser, one of them sounds."),
        least=0.0,
        most=1.0,
    ),
    "sound_min_interval_s": Number(
        10.0,
        N_("At most every"),
        N_("Shortest time between two sounds for the same heater."),
        least=0.0,
        most=300.0,
        unit="s",
    ),
    "notification_enabled": Switch(False, N_("Show a message")),
    "notification_target_reached": Switch(False, N_("when a target is reached")),
    "notification_cooldown_finished": Switch(False, N_("when a heater has cooled down")),
    "notification_timeout_s": Number(
        6.0,
        N_("Shown for"),
        N_("How long a message stays on the page."),
        least=1.0,
        most=60.0,
        unit="s",
    ),
    "notification_min_interval_s": Number(
        10.0,
        N_("At most every"),
        N_("Shortest time between two messages for the same heater."),
        least=0.0,
        most=300.0,
        unit="s",
    ),
    # MQTT
    "mqtt_enabled": Switch(False, N_("Publish the times over MQTT")),
    "mqtt_broker_host": Text(
        "",
        N_("Broker"),
        N_("Its name or address, without a port."),
        pattern=HOST,
        hint=N_("must be a name or an address, without mqtt:// and without a port"),
    ),
    "mqtt_broker_port": Number(
        1883,
        N_("Port"),
        N_("1883 as a rule, 8883 with encryption."),
        least=1,
        most=65535,
        whole=True,
    ),
    "mqtt_username": Text(
        "", N_("User name"), N_("Leave it empty if the broker needs none.")
    ),
    "mqtt_password": Text(
        "",
        N_("Password"),
        N_("It is stored on the server and never shown again."),
        secret=True,
    ),
    "mqtt_use_tls": Switch(False, N_("Encrypt the connection (TLS)")),
    "mqtt_tls_insecure": Switch(
        False, N_("Trust any certificate: anybody in between can read along")
    ),
    "mqtt_tls_ca_file": File(
        "",
        N_("Authority"),
        N_("File on the server with the certificate of an authority of your own."),
    ),
    "mqtt_tls_client_cert": File(
        "", N_("Certificate"), N_("File on the server, if the broker asks for one.")
    ),
    "mqtt_tls_client_key": File(
        "", N_("Key"), N_("File on the server with its private key.")
    ),
    "mqtt_base_topic": Text(
        "octoprint/temp_eta",
        N_("Topic"),
        longest=200,
        pattern=TOPIC,
        hint=TOPIC_HINT,
    ),
    "mqtt_use_appearance_name": Switch(True, N_("Add the name that OctoPrint shows")),
    "mqtt_custom_identifier": Text(
        "",
        N_("Add instead"),
        N_("Tells this printer from others; may be empty."),
        longest=64,
    ),
    "mqtt_qos": Choice(
        1,
        N_("Delivery"),
        {
            0: N_("at most once"),
            1: N_("at least once"),
            2: N_("exactly once"),
        },
    ),
    "mqtt_retain": Switch(False, N_("Let the broker keep the last times")),
    "mqtt_publish_interval": Number(
        1.0,
        N_("At most every"),
        N_("Shortest time between two messages about the same heater."),
        least=0.1,
        most=60.0,
        unit="s",
    ),
    "mqtt_homeassistant_discovery": Switch(
        True, N_("Announce the heaters to Home Assistant")
    ),
    "mqtt_discovery_prefix": Text(
        "homeassistant",
        N_("Home Assistant's topic"),
        longest=200,
        pattern=TOPIC,
        hint=TOPIC_HINT,
    ),
    # Diagnostics
    "debug_logging": Switch(
        False, N_("Write what happens to the browser's console and to octoprint.log")
    ),
}

DEFAULTS = {key: definition.default for key, definition in DEFINITIONS.items()}

# What the page is told besides, made anew each time; it is not stored.
DERIVED = frozenset({"debug", "mqtt_password_set"})

SECRETS = [
    key for key, definition in DEFINITIONS.items() if getattr(definition, "secret", False)
]

# What only those who may change settings need to know.
CONFIDENTIAL = [
    key for key in DEFINITIONS if key.startswith("mqtt_") and key not in SECRETS
]

# Where the stored password goes.
DESTINATION = (
    "mqtt_broker_host",
    "mqtt_broker_port",
    "mqtt_use_tls",
    "mqtt_tls_insecure",
    "mqtt_tls_ca_file",
)

# OctoPrint 2 asks for the password again before these are written.
CREDENTIALS = (
    *DESTINATION,
    *SECRETS,
    "mqtt_username",
    "mqtt_tls_client_cert",
    "mqtt_tls_client_key",
)


def checked(data):
    """Split what is to be saved into accepted values and refused keys with the reason."""
    if not isinstance(data, dict):
        return {}, {"temp_eta": "must be settings with their values"}
    accepted, refused = {}, {}
    for key, value in data.items():
        definition = DEFINITIONS.get(key)
        try:
            if definition is None:
                if key not in DERIVED:
                    raise ValueError("is no setting of this plugin")
            # Whoever may not read a secret sends nothing back for it.
            elif key not in SECRETS or value is not None:
                accept = getattr(definition, "accept", definition.check)
                accepted[key] = accept(value)
        except ValueError as error:
            refused[key] = str(error)
    return accepted, refused


def sends_password_elsewhere(new, stored):
    """Whether with `new` values the `stored` password would go to another broker."""
    moved = any(new.get(key, stored[key]) != stored[key] for key in DESTINATION)
    return moved and bool(stored["mqtt_password"]) and "mqtt_password" not in new


def mended(stored):
    """Split what is stored, or was written by hand, into what can be used and the rest.

    A file that cannot be read just now is kept: its disk may come back. So are keys of
    others.
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


def said(refused):
    """Refused keys with their reasons as one line; the values are nobody's business."""
    reasons = [
        f"{str(key)[:60]!r} {reason}" for key, reason in list(refused.items())[:20]
    ]
    if len(refused) > len(reasons):
        reasons.append(f"and {len(refused) - len(reasons)} more")
    return "; ".join(reasons)
