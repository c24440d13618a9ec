"""Where the relay publishes.

static/js/topic.js says the same in the form; tests/data/topics.json holds both to it.
"""

import hashlib
import re

# Characters that would be another level, a wildcard, or trouble for a client.
UNFIT = re.compile(r"[\s+#/\x00-\x1f\x7f-\x9f]+")

LONGEST_LEVEL = 64


def level(name):
    """`name` as one level of a topic; empty if nothing of it is left."""
    return UNFIT.sub("_", name.strip())[:LONGEST_LEVEL].strip("_")


def name(settings, appearance_name):
    """What tells this printer from others; may be empty."""
    if settings["mqtt_use_appearance_name"]:
        return appearance_name or ""
    return settings["mqtt_custom_identifier"]


def base(settings, appearance_name):
    """The topic above all heaters: the base, and what tells this printer apart."""
    own = level(name(settings, appearance_name))
    return settings["mqtt_base_topic"] + ("/" + own if own else "")


class Topics:
    """The topics of one printer, below `base`, and those of Home Assistant."""

    def __init__(self, settings, appearance_name, identity):
        self.name = name(settings, appearance_name)
        self.base = base(settings, appearance_name)
        self.availability = self.base + "/availability"
        self.status = self.base + "/status"
        prefix = settings["mqtt_discovery_prefix"]
        self.birth = prefix + "/status"
        self.discovery = f"{prefix}/device/temp_eta_{identity}/config"

    def eta(self, heater):
        """Where the time of `heater` is published."""
        return f"{self.base}/{level_of(heater)}/eta"

    def state_change(self, heater):
        """Where it is told that `heater` does something else."""
        return f"{self.base}/{level_of(heater)}/state_change"


def level_of(heater):
    """The level of `heater`, which no other one has, whoever comes first."""
    own = level(heater)
    if own == heater and not own.startswith("$"):
        return own
    digest = hashlib.sha256(heater.encode()).hexdigest()[:8]
    return f"{own.lstrip('$')[:50]}_{digest}".lstrip("_")
