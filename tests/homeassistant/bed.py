"""Publishes the discovery of a bed to Home Assistant, without a running service."""

from broker import until

from octoprint_temp_eta import settings
from octoprint_temp_eta.mqtt import discovery
from octoprint_temp_eta.mqtt.topics import Topics
from octoprint_temp_eta.outlets import payloads

TOPICS = Topics(settings.DEFAULTS, "Ender", "0123456789ab")


def announce(listener, core, all_enabled=False):
    """Make the bed's sensors known to `core`, with `all_enabled` the disabled one too."""
    device = discovery.device(
        TOPICS,
        {"bed": "Bed"},
        identity="0123456789ab",
        name="Ender",
        version="1.2.3",
        url="",
        interval=1.0,
    )
    if all_enabled:
        # A disabled entity has no state.
        del device["cmps"]["bed_eta"]["en"]
    listener.publish(TOPICS.discovery, payloads.encode(device), retain=True)
    listener.publish(TOPICS.availability, "online", retain=True)
    until(lambda: len(core.sensors()) == 3, what="device")
