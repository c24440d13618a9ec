"""The MQTT topics.

static/js/topic.js builds the same for the form; tests/data/topics.json checks both.
"""

import hashlib
import re

from ..values import UNFIT

# Level separators, wildcards, white space, and what MQTT does not allow.
INVALID_IN_LEVEL = re.compile(rf"[\s+#/{UNFIT}]+")

MAX_LEVEL_LENGTH = 64

# The level of the whole printer, which no heater has.
PRINTER = "printer"

# What no topic of a message contains, see MQTT 3.1.1, 4.7.
INVALID_IN_TOPIC = re.compile(rf"[#+{UNFIT}]")
MAX_TOPIC_BYTES = 65535


def level(name):
    """Return `name` as a topic level; empty if no valid character is left."""
    return INVALID_IN_LEVEL.sub("_", name.strip())[:MAX_LEVEL_LENGTH].strip("_")


def is_topic(text):
    """Whether a message can be published to `text`."""
    if not text or INVALID_IN_TOPIC.search(text):
        return False
    return len(text.encode()) <= MAX_TOPIC_BYTES


def name(settings, appearance_name):
    """Return the name that distinguishes this printer from others; may be empty."""
    if settings["mqtt_use_appearance_name"]:
        return appearance_name or ""
    return settings["mqtt_custom_identifier"]


def base(settings, appearance_name):
    """Return the topic above all heaters: the base topic and the printer's name."""
    printer = level(name(settings, appearance_name))
    return settings["mqtt_base_topic"] + ("/" + printer if printer else "")


class Topics:
    """The topics of a printer, and Home Assistant's for it."""

    def __init__(self, settings, appearance_name, identity):
        self.name = name(settings, appearance_name)
        self.base = base(settings, appearance_name)
        self.availability = self.base + "/availability"
        self.status = self.base + "/status"
        self.printer = f"{self.base}/{PRINTER}/eta"
        self.event = self.base + "/event"
        prefix = settings["mqtt_discovery_prefix"]
        self.birth = prefix + "/status"
        self.discovery = f"{prefix}/device/temp_eta_{identity}/config"

    def eta(self, heater):
        """Return the topic for the ETA of `heater`."""
        return f"{self.base}/{level_of(heater)}/eta"

    def state_change(self, heater):
        """Return the topic for phase changes of `heater`."""
        return f"{self.base}/{level_of(heater)}/state_change"

    def retained(self, settings, heaters):
        """Return the topics with retained messages of `heaters` under `settings`."""
        topics = {self.availability, self.status}
        if settings["mqtt_homeassistant_discovery"]:
            topics.add(self.discovery)
        if settings["mqtt_retain"]:
            topics |= {self.printer, *(self.eta(heater) for heater in heaters)}
        return topics


def level_of(heater):
    """Return the topic level of `heater`, which is unique and does not depend on others.

    A hash distinguishes names that would become the same level.
    """
    cleaned = level(heater)
    if cleaned == heater and heater != PRINTER and not cleaned.startswith("$"):
        return cleaned
    digest = hashlib.sha256(heater.encode()).hexdigest()[:8]
    return f"{cleaned.lstrip('$')[:50]}_{digest}".lstrip("_")
