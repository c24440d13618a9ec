"""Home Assistant's MQTT discovery: a device with three sensors for each heater.

It also has a sensor for the whole printer, and an entity for events.

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import hashlib
import re

from ..calculation.core_abi import EVENTS, PHASES
from ..outlets.payloads import encode
from .connection import Message
from .topics import level_of

# A component's id may contain only the others.
INVALID_IN_ID = re.compile(r"[^a-zA-Z0-9_-]")

# A sensor becomes unavailable after this many seconds without a message, or after this
# many publish intervals if that is longer. Unchanged values are republished before that.
MIN_EXPIRY_S = 60
EXPIRY_INTERVALS = 5

SENSORS = ("at", "eta", "state")


# Home Assistant makes entity IDs of the device's name and the sensor's, and fails if they
# are longer than 255 characters.
MAX_NAME_LENGTH = 100


def expiry(interval):
    """Return the seconds after which a sensor expires, for a publish `interval` in s."""
    return max(MIN_EXPIRY_S, int(EXPIRY_INTERVALS * interval))


class Discovery:
    """Publishes the device description when it changes.

    A removed heater's components are first published as removed, and the heater is
    forgotten only after the broker has acknowledged that. `describe` returns the device
    for a list of heaters.
    """

    def __init__(self, topics, describe):
        self._topic = topics.discovery
        self._describe = describe
        # A list with what was published last; empty before that.
        self._published = []

    def reset(self):
        """Publish the device again: the broker or Home Assistant has restarted."""
        self._published = []

    def update(self, heaters, removed, is_acknowledged):
        """Return a message to publish or None, and the heaters that may be forgotten.

        `heaters` are the new ones and all that were published before, also the `removed`
        ones. `is_acknowledged` says whether the broker has acknowledged every message so
        far.
        """
        present = [heater for heater in heaters if heater not in removed]
        if not heaters:
            return None, []
        # A device without components would be invalid.
        device = self._describe(present) if present else None
        if not removed:
            return self._message(device), []
        removal = device
        if present:
            removal = without(device, self._describe(heaters)["cmps"])
        if self._published != [removal]:
            return self._message(removal), []
        return (self._message(device), removed) if is_acknowledged else (None, [])

    def _message(self, device):
        if self._published == [device]:
            return None
        self._published = [device]
        payload = encode(device) if device else ""
        return Message(self._topic, payload, qos=1, retain=True)


def device(topics, names, *, identity, name, version, url, interval):
    """Return the device, with sensors for the heaters of `names`, names by heater."""
    components = _of_printer(topics, identity, expiry(interval))
    for heater in names:
        sensors = _sensors(topics, heater, names[heater], identity, expiry(interval))
        components.update(sensors)
    origin = {"name": "OctoPrint-TempETA", "sw": version}
    return {
        "dev": {
            "ids": [f"temp_eta_{identity}"],
            "name": name[:MAX_NAME_LENGTH].strip() or "OctoPrint",
            "mf": "OctoPrint",
            "mdl": "Temperature ETA",
            "sw": version,
        },
        "o": {**origin, "url": url} if url else origin,
        "avty": [{"t": topics.availability}],
        "cmps": components,
    }


def without(payload, components):
    """Return `payload` with those `components` marked as removed that it lacks."""
    removed = {it: {"p": "sensor"} for it in components if it not in payload["cmps"]}
    return {**payload, "cmps": {**payload["cmps"], **removed}}


def _of_printer(topics, identity, expire_after):
    return {
        "printer_at": {
            "p": "sensor",
            "name": "Printer ready at",
            "dev_cla": "timestamp",
            "val_tpl": "{{ value_json.finish_at }}",
            "uniq_id": f"temp_eta_{identity}_printer_at",
            "stat_t": topics.printer,
            "exp_aft": expire_after,
            "qos": 1,
        },
        "event": {
            "p": "event",
            "name": "Event",
            "evt_typ": list(EVENTS),
            "uniq_id": f"temp_eta_{identity}_event",
            "stat_t": topics.event,
            "qos": 1,
        },
    }


def _sensors(topics, heater, name, identity, expire_after):
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
            # Disabled by default: it changes with every message, and the recorder would
            # store each value.
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
            "exp_aft": expire_after,
            "qos": 1,
        }
        for kind in SENSORS
    }


def _slug(level):
    slug = INVALID_IN_ID.sub("_", level)
    if slug == level:
        return slug
    return f"{slug}_{hashlib.sha256(level.encode()).hexdigest()[:6]}"
