"""What Home Assistant is told of the printer: a device with three sensors a heater.

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import hashlib
import re

from .calculation import PHASES
from .topics import level_of

# A sensor's id may have only these.
UNFIT = re.compile(r"[^a-zA-Z0-9_-]")

# After this many seconds without a message a sensor counts as unavailable: more than the
# slowest cadence takes. What stands still is told again before.
SHORTEST_EXPIRY_S = 60
EXPIRY_INTERVALS = 5

SENSORS = ("at", "eta", "state")


def expiry(interval):
    """Seconds until a sensor expires that is told of every `interval` seconds at most."""
    return max(SHORTEST_EXPIRY_S, int(EXPIRY_INTERVALS * interval))


def device(topics, heaters, *, identity, name, version, url, interval, tools):
    """The device, with sensors for `heaters`, of a printer with so many `tools`."""
    known = {}
    for heater in heaters:
        known.update(_sensors(topics, heater, identity, expiry(interval), tools))
    origin = {"name": "OctoPrint-TempETA", "sw": version}
    return {
        "dev": {
            "ids": [f"temp_eta_{identity}"],
            "name": name or "OctoPrint",
            "mf": "OctoPrint",
            "mdl": "Temperature ETA",
            "sw": version,
        },
        "o": {**origin, "url": url} if url else origin,
        "avty": [{"t": topics.availability}],
        "cmps": known,
    }


def without(payload, components):
    """`payload`, in which `components` that it does not have are taken away."""
    gone = {name: {"p": "sensor"} for name in components if name not in payload["cmps"]}
    return {**payload, "cmps": {**payload["cmps"], **gone}}


def _sensors(topics, heater, identity, expires, tools):
    name = _name(heater, tools)
    slug = _slug(level_of(heater))
    kinds = {
        "at": {
            "name": f"{name} ready at",
            "dev_cla": "timestamp",
            "val_tpl": "{{ value_json.finish_at }}",
        },
        "eta": {
            "name": f"{name} ETA",
            "dev_cla": "duration",
            "unit_of_meas": "s",
            "sug_dsp_prc": 0,
            "val_tpl": "{{ value_json.eta_seconds }}",
            # Another value with every message: a recorder would keep them all.
            "en": False,
        },
        "state": {
            "name": f"{name} heater state",
            "dev_cla": "enum",
            "ops": list(PHASES),
            "val_tpl": "{{ value_json.state }}",
        },
    }
    return {
        f"{slug}_{kind}": {
            "p": "sensor",
            **kinds[kind],
            "uniq_id": f"temp_eta_{identity}_{slug}_{kind}",
            "stat_t": topics.eta(heater),
            "exp_aft": expires,
            "qos": 1,
        }
        for kind in SENSORS
    }


def _slug(level):
    slug = UNFIT.sub("_", level)
    if slug == level:
        return slug
    return f"{slug}_{hashlib.sha256(level.encode()).hexdigest()[:6]}"


def _name(heater, tools):
    if heater == "tool0" and tools == 1:
        return "Tool"
    if heater.startswith("tool") and heater[4:].isdigit():
        return f"Tool {heater[4:]}"
    return {"bed": "Bed", "chamber": "Chamber"}.get(heater, heater)
